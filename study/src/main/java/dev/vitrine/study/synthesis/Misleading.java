package dev.vitrine.study.synthesis;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.Fooling;
import dev.vitrine.lens.visualization.Rgb;
import dev.vitrine.lens.visualization.Synthesis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Fooling images and adversarial examples: noise, or a slightly modified picture, that a network assigns to a class.
 *
 * @param image name of the picture
 * @param view the network's input as a picture; empty for noise
 * @param target the wanted class
 */
public record Misleading(Model model, String image, Optional<Picture> view, int target, Fooling method, long seed)
        implements PictureStudy {
    /** Amplitude of the largest change as displayed, around gray. */
    private static final double VISIBLE = 0.45;

    @Override
    public String id() {
        return "fool";
    }

    @Override
    public String title() {
        return model.name() + " fooled";
    }

    private String wanted() {
        return model.labels().display(target);
    }

    @Override
    public String answers() {
        return "What does the network mistake for " + wanted() + "?";
    }

    @Override
    public List<?> asked() {
        return List.of(image, view.map(PictureStudy::content).orElse("noise"), target, method, seed);
    }

    @Override
    public List<Piece> pieces() {
        return List.of(new Piece(
                "fooling",
                (session, progress) -> view.map(photo -> changed(session, photo, progress))
                        .orElseGet(() -> noise(session, progress))));
    }

    private List<MadePicture> noise(ModelSession session, Progress progress) {
        Synthesis made = method.fromNoise(session, target, seed, progress);
        MadePicture shown = shown(
                session,
                "noise",
                "noise",
                made.picture(0),
                Map.of(),
                made.course().scores());
        return List.of(shown.withProblem(problem(session, made.picture(0))));
    }

    private Optional<String> problem(ModelSession session, Picture made) {
        if (method.confidence() == 0) {
            return Optional.empty();
        }
        Tensor logits = session.logits(model.preprocessing().apply(made));
        return Probabilities.of(logits, model)[target] >= method.confidence()
                ? Optional.empty()
                : Optional.of("A probability of " + method.confidence() + " was not reached within "
                        + method.mostSteps() + " steps. Increase the number of steps.");
    }

    private List<MadePicture> changed(ModelSession session, Picture photo, Progress progress) {
        Tensor logits = session.logits(model.preprocessing().apply(photo));
        if (Targets.ranking(logits, model).get(0) == target) {
            throw VitrineException.usage("The network already predicts " + wanted()
                    + " for the unmodified picture; expected another class.");
        }
        Synthesis made = method.fromPicture(session, photo, target, progress);
        float[] before = Rgb.values(photo, model.channels());
        float[] after = made.pictures().toFloats();
        double square = 0;
        double largest = 0;
        for (int i = 0; i < before.length; i++) {
            double difference = after[i] - before[i];
            square += difference * difference;
            largest = Math.max(largest, Math.abs(difference));
        }
        double factor = VISIBLE / Math.max(largest, 1e-9);
        float[] enlarged = new float[before.length];
        for (int i = 0; i < before.length; i++) {
            enlarged[i] = (float) (0.5 + factor * (after[i] - before[i]));
        }
        String change = String.format(
                Locale.ROOT,
                "RMS %.2f of 255, maximum %.0f; L2 norm %.3f",
                255 * Math.sqrt(square / before.length),
                255 * largest,
                Math.sqrt(square));
        Picture difference = Rgb.picture(Tensor.floats(enlarged, made.pictures().shape()), 0);
        return List.of(
                shown(session, "photo", "before", photo, Map.of(), List.of()),
                shown(
                        session,
                        "fooling",
                        "after",
                        made.picture(0),
                        Map.of("change", change),
                        made.course().scores()),
                MadePicture.given(
                        "change",
                        String.format(Locale.ROOT, "change × %.0f, around gray", factor),
                        Images.of(difference),
                        provenance()));
    }

    private Provenance provenance() {
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("seed", Long.toString(seed));
        return new Provenance(model.name(), image, wanted(), "fooling", options);
    }

    private MadePicture shown(
            ModelSession session,
            String stem,
            String title,
            Picture picture,
            Map<String, String> more,
            List<Double> course) {
        String said = PictureStudy.said(session, picture);
        Map<String, String> facts = new LinkedHashMap<>(Map.of("network says", said));
        facts.putAll(more);
        return new MadePicture(stem, title + ": " + said, Images.of(picture), provenance(), facts, course, List.of());
    }
}
