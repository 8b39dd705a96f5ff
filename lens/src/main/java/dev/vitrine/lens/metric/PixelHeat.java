package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.render.ChannelReduction;
import dev.vitrine.lens.render.Resampling;

/** A method's attribution as one number per pixel, {@code f32[H,W]} in the size of the model's input, for metrics. */
public final class PixelHeat {
    private PixelHeat() {}

    /**
     * Channels are reduced as for display; a smaller map is upsampled bilinearly.
     *
     * @param attribution of one sample
     */
    public static Tensor of(Attribution method, Tensor attribution, Model model) {
        Preprocessing preprocessing = model.preprocessing();
        Tensor heat = ChannelReduction.heat(
                method.shown(attribution, model),
                method.form(),
                preprocessing.layout(),
                method.form() == Attribution.Form.MAP ? Attribution.Reduction.SUM : method.reduction());
        int height = Math.toIntExact(heat.dimension(0));
        int width = Math.toIntExact(heat.dimension(1));
        if (height == preprocessing.height() && width == preprocessing.width()) {
            return heat;
        }
        float[] enlarged = Resampling.BILINEAR.apply(
                heat.toFloats(), height, width, preprocessing.height(), preprocessing.width());
        return Tensor.floats(enlarged, preprocessing.height(), preprocessing.width());
    }
}
