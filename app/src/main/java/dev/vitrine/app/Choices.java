package dev.vitrine.app;

import dev.vitrine.engine.runtime.Device;
import dev.vitrine.lens.attribution.Attribution.Reduction;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.ChannelOrder;
import dev.vitrine.lens.model.Fit;
import dev.vitrine.lens.objective.ClassScore.Scale;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.study.ablation.ChannelAblation.Importance;
import dev.vitrine.lens.study.ablation.Fill;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.lens.unit.activation.FeatureMapPainter;
import dev.vitrine.lens.unit.activation.FeatureMaps;
import dev.vitrine.lens.visualization.StyleTransfer;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Closed choices by the words that people type. */
final class Choices {
    private Choices() {}

    static void register(CommandLine line) {
        register(line, Device.class, Choices::word);
        register(line, Fit.class, Choices::word);
        register(line, Resampling.class, Choices::word);
        register(line, ChannelOrder.class, Choices::word);
        register(line, Scale.class, Scale::label);
        register(line, Quadrature.class, Quadrature::label);
        register(line, Reduction.class, Choices::word);
        register(line, StyleTransfer.Colours.class, Choices::word);
        register(line, VisualizeCommand.Form.class, Choices::word);
        register(line, OptimizerOptions.Kind.class, Choices::word);
        register(line, Occlusion.Shape.class, Choices::word);
        register(line, Occlusion.Measure.class, Choices::word);
        register(line, Fill.class, Choices::word);
        register(line, Importance.class, Choices::word);
        register(line, Summary.class, Choices::word);
        register(line, FeatureMaps.Order.class, Choices::word);
        register(line, FeatureMapPainter.Scaling.class, Choices::word);
    }

    private static <E extends Enum<E>> void register(CommandLine line, Class<E> type, Function<E, String> word) {
        line.registerConverter(
                type,
                text -> Stream.of(type.getEnumConstants())
                        .filter(choice -> word.apply(choice).equalsIgnoreCase(text.strip()))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of "
                                + Stream.of(type.getEnumConstants()).map(word).collect(Collectors.joining(", ")))));
    }

    static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
