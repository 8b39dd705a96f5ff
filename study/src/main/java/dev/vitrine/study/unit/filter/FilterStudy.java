package dev.vitrine.study.unit.filter;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.filter.LinearStep;
import dev.vitrine.lens.unit.filter.Roughness;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The filters of a layer and a measure of their noise. */
public record FilterStudy(Model model, ChannelLayer layer, Settings settings) implements Study<Filters> {
    /** Selection of filters. */
    public record Settings(
            @Setting(least = 1, meaning = "number of channels to draw, evenly spaced")
            int most) {
        public static final Settings USUAL = new Settings(64);

        public Settings {
            dev.vitrine.lens.setting.Settings.require(Settings.class, most);
        }
    }

    /** The default layer: the first convolution or matrix product. */
    public static ChannelLayer usualLayer(Model model) {
        return ChannelLayer.find(model, LinearStep.first(model).name());
    }

    /** How the layer is computed from the previous one; empty if it is no convolution or matrix product. */
    public Optional<LinearStep> step() {
        return LinearStep.of(model, layer.value());
    }

    @Override
    public String id() {
        return "filters";
    }

    @Override
    public Outcome<Filters> run(StudyContext context) {
        Optional<LinearStep> step = step();
        int count = Math.min(settings.most(), layer.channels());
        List<Filters.Filter> filters = IntStream.range(0, count)
                .map(index -> (int) ((long) index * layer.channels() / count))
                .mapToObj(channel -> new Filters.Filter(
                        channel,
                        step.map(found -> Roughness.of(found.kernel(channel))).orElse(OptionalDouble.empty())))
                .toList();
        return Outcome.of(new Filters(layer.name(), layer.channels(), filters));
    }
}
