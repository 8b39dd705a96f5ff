package dev.vitrine.lens.visualization;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassMargin;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.visualization.optimization.Adam;
import dev.vitrine.lens.visualization.optimization.Ascent;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A picture that a network assigns to a class although a person would not: noise (Nguyen et al. 2015, arXiv:1412.1897),
 * or a minimally changed photo (Szegedy et al. 2013, arXiv:1312.6199), by alternating a step towards the class with a
 * projection onto a sphere around the photo that shrinks while the network is fooled (Rony et al. 2019,
 * arXiv:1811.09600).
 */
public record Fooling(
        @Setting(least = 1, meaning = Synthesis.STEPS) int steps,

        @Setting(
                label = "P",
                least = 0,
                below = 1,
                meaning = "probability that the class must reach, for which up to " + Fooling.PATIENCE
                        + " times as many steps are taken; 0 for a photo that need only be taken for it, and for noise"
                        + " whatever the steps come to")
        double confidence) {
    public static final Fooling USUAL = new Fooling(200, 0);

    /** Maximum number of repetitions of the steps while the confidence is not reached. */
    static final int PATIENCE = 10;

    private static final double NOISE_RATE = 0.005;
    private static final double PHOTO_RATE = 0.002;

    /** Relative change of the sphere's radius per step. */
    private static final double PACE = 0.05;

    /** Initial radius, as a root mean square over all values. */
    private static final double FIRST_DEVIATION = 2.0 / 255;

    /** How often, and by how much, a change undone by rounding to 8 bits is enlarged. */
    private static final int ENLARGEMENTS = 40;

    private static final double ENLARGEMENT = 1.03;

    public Fooling {
        Settings.require(Fooling.class, steps, confidence);
    }

    /** Maximum number of steps. */
    public int mostSteps() {
        return confidence > 0 ? Math.multiplyExact(PATIENCE, steps) : steps;
    }

    /** The hyper-parameters by name. */
    public Map<String, String> options() {
        return Settings.texts(this);
    }

    /** From noise: the log-probability of the class, in pixels and with no other criterion than the confidence. */
    public Synthesis fromNoise(ModelSession session, int target, long seed, Progress progress) {
        Judge judge = new Judge(session, target, confidence);
        return Studio.of(
                        session, session.model(), Parametrization.PIXELS, Views.NONE, logProbability(target), List.of())
                .run(
                        new Search(new Adam(NOISE_RATE), mostSteps()),
                        Start.NOISE,
                        seed,
                        new Noise(judge),
                        Search.Watch.NONE,
                        progress);
    }

    private static ClassScore logProbability(int target) {
        return new ClassScore(ClassScore.Scale.LOG_PROBABILITY, OptionalLong.of(target));
    }

    /** The smallest change found to a picture as the network sees it that still fools after rounding to 8 bits. */
    public Synthesis fromPicture(ModelSession session, Picture view, int target, Progress progress) {
        Model model = session.model();
        float[] photo = Rgb.values(view, model.channels());
        Sphere sphere = new Sphere(photo, confidence > 0 ? Math.log(confidence) : 0);
        Synthesis searched = Studio.of(
                        session,
                        model,
                        Parametrization.PIXELS,
                        Views.NONE,
                        confidence > 0 ? logProbability(target) : new ClassMargin(target),
                        List.of())
                .run(
                        new Search(new Ascent(PHOTO_RATE), mostSteps()),
                        new Start.Image(view),
                        0,
                        sphere,
                        Search.Watch.NONE,
                        progress);
        String wanted = model.labels().display(target) + (confidence > 0 ? " with a probability of " + confidence : "");
        if (sphere.best.length == 0) {
            throw VitrineException.failure("No picture within " + mostSteps() + " steps is taken for " + wanted
                    + "; expected one. Take more steps" + (confidence > 0 ? ", or ask for less." : "."));
        }
        Judge judge = new Judge(session, target, confidence);
        double factor = 1;
        for (int attempt = 0; attempt < ENLARGEMENTS; attempt++) {
            float[] changed = new float[photo.length];
            for (int i = 0; i < photo.length; i++) {
                changed[i] = (float) (photo[i] + factor * (sphere.best[i] - photo[i]));
            }
            Tensor tensor = rounded(changed, 1, model.channels(), view.height(), view.width());
            float[] logits = judge.logits(tensor);
            if (judge.isFooled(logits)) {
                return new Synthesis(tensor, List.of(judge.margin(logits)), searched.course());
            }
            factor *= ENLARGEMENT;
        }
        throw VitrineException.failure("The change that makes '" + model.name() + "' say " + wanted
                + " is lost when its picture is rounded to 8 bits; expected it to last. Take more steps.");
    }

    private static Tensor rounded(float[] values, long... shape) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) (Math.rint(255 * Math.max(0, Math.min(1, (double) values[i]))) / 255);
        }
        return Tensor.floats(rounded, shape);
    }

    /** Whether a network assigns pictures to a class with the requested probability. */
    private record Judge(ModelSession session, int target, double confidence) {
        float[] logits(Tensor picture) {
            return session.logits(session.model().preprocessing().apply(Rgb.picture(picture, 0)))
                    .toFloats();
        }

        float margin(float[] logits) {
            float other = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) {
                other = i == target ? other : Math.max(other, logits[i]);
            }
            return logits[target] - other;
        }

        boolean isFooled(float[] logits) {
            return confidence > 0
                    ? session.model().head().probabilities(logits)[target] >= confidence
                    : margin(logits) > 0;
        }
    }

    /** Stops when the picture, rounded to 8 bits, reaches the confidence. */
    private static final class Noise implements Search.Upkeep {
        private final Judge judge;
        private boolean done;

        Noise(Judge judge) {
            this.judge = judge;
        }

        @Override
        public void after(Search.State state) {
            if (judge.confidence() > 0 && state.scores()[0] >= Math.log(judge.confidence())) {
                Model model = judge.session().model();
                Tensor picture = rounded(
                        state.parameters(),
                        1,
                        model.channels(),
                        model.preprocessing().height(),
                        model.preprocessing().width());
                done = judge.isFooled(judge.logits(picture));
            }
        }

        @Override
        public boolean isDone() {
            return done;
        }
    }

    /** Keeps the point on a sphere around the photo, and the nearest point that fooled. */
    private final class Sphere implements Search.Upkeep {
        private final float[] photo;
        /** The score above which the network is fooled. */
        private final double least;

        private int taken;
        private double radius;
        private float[] place;
        private float[] best = new float[0];
        private double nearest = Double.POSITIVE_INFINITY;

        Sphere(float[] photo, double least) {
            this.photo = photo;
            this.least = least;
            this.place = photo.clone();
            this.radius = FIRST_DEVIATION * Math.sqrt(photo.length);
        }

        @Override
        public boolean isDone() {
            return taken >= steps && best.length > 0;
        }

        @Override
        public void after(Search.State state) {
            taken = state.step();
            boolean fooled = state.scores()[0] > least;
            double distance = distance(place);
            if (fooled && distance < nearest && distance > 0) {
                nearest = distance;
                best = place.clone();
            }
            radius = fooled ? Math.min(radius, distance) * (1 - PACE) : radius * (1 + PACE);
            float[] pixels = state.parameters();
            double now = distance(pixels);
            double factor = now > 0 ? radius / now : 0;
            for (int i = 0; i < pixels.length; i++) {
                double value = photo[i % photo.length] + factor * (pixels[i] - photo[i % photo.length]);
                pixels[i] = (float) Math.max(0, Math.min(1, value));
            }
            place = java.util.Arrays.copyOf(pixels, photo.length);
        }

        private double distance(float[] pixels) {
            double sum = 0;
            for (int i = 0; i < photo.length; i++) {
                sum += (pixels[i] - photo[i]) * (double) (pixels[i] - photo[i]);
            }
            return Math.sqrt(sum);
        }
    }
}
