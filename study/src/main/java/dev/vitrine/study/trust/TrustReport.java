package dev.vitrine.study.trust;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.metric.Curve;
import dev.vitrine.lens.metric.Measure;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.study.sanity.SanityCheck;
import dev.vitrine.study.sanity.SanityCriterion;
import dev.vitrine.study.sanity.Similarity;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How far the maps of some methods can be trusted on a model, as one page for people and one file for programs.
 *
 * @param model its name
 * @param layers with weights, from the first to the last
 * @param pictures names
 * @param missing what is not done, where the work was stopped
 * @param chance measures of a map of random numbers, for comparison
 * @param facts how it was made
 */
public record TrustReport(
        String model,
        int layers,
        List<String> pictures,
        Example example,
        SanityCriterion criterion,
        List<Method> methods,
        Control chance,
        Optional<String> missing,
        Map<String, String> facts) {
    /**
     * The picture that stands for all.
     *
     * @param view as the network sees it
     * @param target the class that is explained
     */
    public record Example(String name, String target, BufferedImage view) {}

    /**
     * A stage of the sanity check.
     *
     * @param heat the example's map there, {@code f32[H,W]}
     */
    public record StageResult(SanityCheck.Stage stage, Similarity mean, Tensor heat) {}

    /** What holds of any map: its curves and measures, on the mean over pictures; what is not measured is left out. */
    public record Control(Optional<Curve> deletion, Optional<Curve> insertion, Map<Measure, Double> measures) {
        public Control {
            EnumMap<Measure, Double> ordered = new EnumMap<>(Measure.class);
            ordered.putAll(measures);
            measures = Collections.unmodifiableMap(ordered);
        }

        /** Of several pictures; a measure that some lack is the mean of the others. */
        public static Control mean(List<Control> pictures) {
            Map<Measure, Double> means = new EnumMap<>(Measure.class);
            for (Measure measure : Measure.values()) {
                pictures.stream()
                        .map(Control::measures)
                        .filter(measures -> measures.containsKey(measure))
                        .mapToDouble(measures -> measures.get(measure))
                        .average()
                        .ifPresent(mean -> means.put(measure, mean));
            }
            return new Control(mean(pictures, Control::deletion), mean(pictures, Control::insertion), means);
        }

        private static Optional<Curve> mean(List<Control> pictures, Function<Control, Optional<Curve>> chosen) {
            List<Curve> curves =
                    pictures.stream().map(chosen).flatMap(Optional::stream).toList();
            return curves.isEmpty() ? Optional.empty() : Optional.of(Curve.mean(curves));
        }
    }

    /**
     * A method under test.
     *
     * @param heat the example's map on the untouched model, {@code f32[H,W]}
     * @param betweenPictures how alike its maps of different pictures are: chance
     */
    public record Method(
            String id,
            String title,
            Map<String, String> options,
            Polarity polarity,
            Tensor heat,
            Similarity betweenPictures,
            List<StageResult> cascading,
            List<StageResult> independent,
            Control measured) {
        public Method {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
            cascading = List.copyOf(cascading);
            independent = List.copyOf(independent);
        }

        List<StageResult> stages(SanityCheck.Order order) {
            return switch (order) {
                case CASCADING -> cascading;
                case INDEPENDENT -> independent;
            };
        }
    }

    public TrustReport {
        pictures = List.copyOf(pictures);
        methods = List.copyOf(methods);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** Whether a method passes, once its cascade is complete. */
    public Optional<SanityCriterion.Verdict> verdict(Method method) {
        return criterion.verdict(
                method.cascading().stream()
                        .map(step -> new SanityCriterion.Step(
                                step.stage(), step.mean().above(method.betweenPictures())))
                        .toList(),
                layers);
    }

    /** The same report gives the same text. */
    public String html() {
        return new TrustPage(this).html();
    }

    public String json() {
        return TrustSummary.json(this);
    }

    /** Writes {@code trust.html} and {@code trust.json}. */
    public List<Path> write(Path folder) {
        Path page = folder.resolve("trust.html");
        Path summary = folder.resolve("trust.json");
        OutputFile.write(page, html());
        OutputFile.write(summary, json());
        return List.of(page, summary);
    }
}
