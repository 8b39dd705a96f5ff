package dev.vitrine.app.terminal;

import dev.vitrine.engine.runtime.Device;
import dev.vitrine.lens.attribution.Attribution.Reduction;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.head.Activation;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.objective.ClassScore.Scale;
import dev.vitrine.lens.objective.EmbeddingLikeness;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.setting.Spelling;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.lens.unit.activation.FeatureMapPainter;
import dev.vitrine.lens.unit.activation.FeatureMaps;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.word.AnalogyObjective;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters of option values to enum constants. */
public final class Choices {
    private Choices() {}

    public static void register(CommandLine line) {
        register(line, Device.class, Choices::word);
        register(line, AnalogyObjective.class, Choices::word);
        register(line, Fit.class, Choices::word);
        register(line, Resampling.class, Choices::word);
        line.registerConverter(
                ChannelOrder.class,
                text -> ChannelOrder.find(text)
                        .orElseThrow(
                                () -> new TypeConversionException("'" + text + "' is not " + ChannelOrder.EXPECTED)));
        register(line, Scale.class, Scale::label);
        register(line, Quadrature.class, Quadrature::label);
        register(line, Reduction.class, Choices::word);
        register(line, StyleTransfer.Colors.class, Choices::word);
        register(line, Occlusion.Shape.class, Choices::word);
        register(line, Occlusion.Measure.class, Choices::word);
        register(line, Activation.class, Choices::word);
        register(line, HeadKind.class, Choices::word);
        register(line, EmbeddingLikeness.Measure.class, Choices::word);
        register(line, Summary.class, Choices::word);
        register(line, FeatureMaps.Order.class, Choices::word);
        register(line, FeatureMapPainter.Scaling.class, Choices::word);
    }

    private static <E extends Enum<E>> void register(CommandLine line, Class<E> type, Function<E, String> word) {
        line.registerConverter(type, text -> find(text, type, word));
    }

    /** The converter of an enum that is private to a package. */
    public abstract static class Words<E extends Enum<E>> implements ITypeConverter<E> {
        private final Class<E> type;

        protected Words(Class<E> type) {
            this.type = type;
        }

        @Override
        public E convert(String text) {
            return find(text, type, Choices::word);
        }
    }

    private static <E extends Enum<E>> E find(String text, Class<E> type, Function<E, String> word) {
        return Stream.of(type.getEnumConstants())
                .filter(choice -> word.apply(choice).equalsIgnoreCase(Spelling.american(text.strip())))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of "
                        + Stream.of(type.getEnumConstants()).map(word).collect(Collectors.joining(", "))));
    }

    public static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
