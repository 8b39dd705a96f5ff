package dev.vitrine.lens.render;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;

/** Reduces the channels of an attribution for display. */
public final class ChannelReduction {
    private ChannelReduction() {}

    /**
     * One number per position, {@code f32[H,W]}: Σ over channels, or max |·| for the other reductions.
     *
     * @param attribution of one sample: in the shape of the input, or {@code f32[1,1,h,w]}
     */
    public static Tensor heat(
            Tensor attribution, Attribution.Form form, Layout layout, Attribution.Reduction reduction) {
        Planes planes = Planes.of(attribution, form == Attribution.Form.MAP ? Layout.NCHW : layout);
        float[] heat = new float[planes.places()];
        for (int place = 0; place < heat.length; place++) {
            double value = 0;
            for (int channel = 0; channel < planes.channels(); channel++) {
                float part = planes.at(channel, place);
                value = switch (reduction) {
                    case SUM -> value + part;
                    case MAXIMUM, COLOR -> Math.max(value, Math.abs(part));
                };
            }
            heat[place] = (float) value;
        }
        return Tensor.floats(heat, planes.height(), planes.width());
    }

    /** Red, green and blue (or gray alone) as {@code f32[C,H,W]}, for {@link HeatmapPainter#pixels}. */
    public static Tensor colors(Tensor attribution, Preprocessing preprocessing) {
        Planes planes = Planes.of(attribution, preprocessing.layout());
        int shown = planes.channels() < 3 ? 1 : 3;
        float[] colors = new float[shown * planes.places()];
        for (int color = 0; color < shown; color++) {
            int source = preprocessing.channels().shown(color);
            for (int place = 0; place < planes.places(); place++) {
                colors[color * planes.places() + place] = planes.at(source, place);
            }
        }
        return Tensor.floats(colors, shown, planes.height(), planes.width());
    }

    /** One sample's values by channel and position. */
    private record Planes(float[] values, Layout layout, int channels, int height, int width) {
        static Planes of(Tensor sample, Layout layout) {
            int[] axes = layout == Layout.NCHW ? new int[] {1, 2, 3} : new int[] {3, 1, 2};
            return new Planes(
                    sample.toFloats(),
                    layout,
                    Math.toIntExact(sample.dimension(axes[0])),
                    Math.toIntExact(sample.dimension(axes[1])),
                    Math.toIntExact(sample.dimension(axes[2])));
        }

        int places() {
            return height * width;
        }

        float at(int channel, int place) {
            return values[layout == Layout.NCHW ? channel * places() + place : place * channels + channel];
        }
    }
}
