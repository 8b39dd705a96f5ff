package dev.vitrine.study.trust;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.metric.Curve;
import dev.vitrine.lens.metric.Infidelity;
import dev.vitrine.lens.metric.MaxSensitivity;
import dev.vitrine.lens.metric.Measure;
import dev.vitrine.lens.metric.PixelFlipping;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.study.Report;
import dev.vitrine.study.page.PageFacts;
import dev.vitrine.study.sanity.SanityCheck;
import dev.vitrine.study.sanity.SanityCriterion;
import dev.vitrine.study.sanity.Similarity;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How far explanations by several methods can be trusted on a model, as an HTML page and a JSON file.
 *
 * @param model its name
 * @param view the example as the network sees it
 * @param missing the unfinished work, if stopped
 * @param facts provenance
 */
public record TrustReport(
        String model, TrustResult found, BufferedImage view, Optional<String> missing, Map<String, String> facts) {
    /** Number of picture names that are listed. */
    private static final int NAMES = 40;

    /**
     * The example picture.
     *
     * @param index in the list of pictures
     * @param target the class that is explained
     */
    public record Example(int index, String name, String target) {}

    /**
     * A stage of the sanity check.
     *
     * @param heat the example's map at this stage, {@code f32[H,W]}
     */
    public record StageResult(SanityCheck.Stage stage, Similarity mean, Tensor heat) {}

    /** Curves and measures of a map, averaged over pictures; those not measured are absent. */
    public record Control(Optional<Curve> deletion, Optional<Curve> insertion, Map<Measure, Double> measures) {
        public Control {
            EnumMap<Measure, Double> ordered = new EnumMap<>(Measure.class);
            ordered.putAll(measures);
            measures = Collections.unmodifiableMap(ordered);
        }

        /** The mean over several pictures; a measure that some lack is averaged over the others. */
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
     * @param betweenPictures similarity between its maps of different pictures: the chance level
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
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * Creates the report of a study's result.
     *
     * @param maker the program and its version
     */
    public static Report<TrustResult> of(TrustStudy study, String maker) {
        return (outcome, folder) -> {
            TrustResult found = outcome.result();
            Model model = study.model();
            Picture example = study.pictures().read(found.example().index());
            Optional<String> missing = outcome.missing()
                    .map(done -> "Stopped after " + done
                            + ". The results cover the finished part. Run the same command again to resume.");
            return new TrustReport(
                            model.name(),
                            found,
                            Images.of(model.preprocessing().view(example)),
                            missing,
                            facts(study, found, maker))
                    .write(folder);
        };
    }

    private static Map<String, String> facts(TrustStudy study, TrustResult found, String maker) {
        Model model = study.model();
        TrustPlan plan = study.plan();
        List<String> names =
                new ArrayList<>(found.pictures().stream().limit(NAMES).toList());
        if (found.pictures().size() > NAMES) {
            names.add("and " + (found.pictures().size() - NAMES) + " more");
        }
        Infidelity changes = plan.infidelity();
        MaxSensitivity noise = plan.sensitivity();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("pictures", String.join(", ", names));
        facts.put(
                "explained",
                model.head().scoreName() + " of the class; deletion and insertion: its "
                        + model.head().unit());
        facts.put("random weights", "normal, with each weight's own mean and deviation; seed " + plan.seed());
        facts.put(
                "deletion, insertion",
                plan.flipping(PixelFlipping.Direction.DELETION, model.preprocessing())
                                .pixelsPerStep()
                        + " pixels a step, to black, from a blur of σ 5");
        facts.put(
                "infidelity",
                changes.samples() + " black squares, sides " + changes.smallest() + " to " + changes.largest()
                        + " of the picture's");
        facts.put(
                "max-sensitivity",
                noise.samples() + " noisy copies within " + noise.radius() + " of the input's range");
        for (Method method : found.methods()) {
            if (!method.options().isEmpty()) {
                facts.put(
                        method.id(),
                        method.options().entrySet().stream()
                                .map(option -> option.getKey() + "=" + option.getValue())
                                .collect(Collectors.joining(", ")));
            }
        }
        facts.putAll(PageFacts.of(model, found.leftOut(), maker));
        return facts;
    }

    List<Method> methods() {
        return found.methods();
    }

    Example example() {
        return found.example();
    }

    SanityCriterion criterion() {
        return found.criterion();
    }

    Optional<SanityCriterion.Verdict> verdict(Method method) {
        return found.verdict(method);
    }

    /** Deterministic: the same report gives the same text. */
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
