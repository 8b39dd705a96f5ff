package dev.vitrine.study.unit.activation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.activation.FeatureMapPainter;
import dev.vitrine.lens.unit.activation.FeatureMaps;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.util.List;

/**
 * Feature maps of layers for the first of the given pictures.
 *
 * @param layers layers with maps
 * @param shown display options
 */
public record ActivationStudy(Model model, PictureList pictures, List<ChannelLayer> layers, Shown shown)
        implements Study<Activations> {
    public ActivationStudy {
        layers = List.copyOf(layers);
    }

    /** Display options. */
    public record Shown(
            @Setting(
                    label = "shared|own",
                    meaning = "range of the color scale: shared by all maps of a layer, or separate for each" + " map")
            FeatureMapPainter.Scaling scale,

            @Setting(
                    label = "channel|strongest",
                    meaning = "order of the maps: by channel number, or most active first")
            FeatureMaps.Order order,

            @Setting(least = 1, meaning = "number of maps to draw per layer, the first in order")
            int most) {
        public static final Shown USUAL = new Shown(FeatureMapPainter.Scaling.SHARED, FeatureMaps.Order.CHANNEL, 256);

        public Shown {
            dev.vitrine.lens.setting.Settings.require(Shown.class, scale, order, most);
        }
    }

    @Override
    public String id() {
        return "activations";
    }

    @Override
    public Outcome<Activations> run(StudyContext context) {
        Tensor input = model.preprocessing().apply(pictures.read(0));
        List<Activations.Held> held = FeatureMaps.of(context.session(model), layers, input).stream()
                .map(maps -> new Activations.Held(maps.layer().name(), maps.values()))
                .toList();
        return Outcome.of(new Activations(pictures.name(0), held));
    }
}
