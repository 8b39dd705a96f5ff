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
 * A picture that a network takes for a class although a person does not: noise (Nguyen et al. 2015, arXiv:1412.1897), or a
 * photo changed as little as can be (Szegedy et al. 2013, arXiv:1312.6199), by a step towards the class and a step to a
 * sphere about the photo that shrinks while the network is fooled (Rony et al. 2019, arXiv:1811.09600).
 */
public record Fooling(
        @Setting(least = 1, meaning = Synthesis.STEPS) int steps) {
    public static final Fooling USUAL = new Fooling(200);

    private static final double NOISE_RATE = 0.005;
    private static final double PHOTO_RATE = 0.002;

    /** Share by which the sphere shrinks or grows in a step. */
    private static final double PACE = 0.05;

    /** First radius, as a deviation of all values. */
    private static final double FIRST_DEVIATION = 2.0 / 255;

    /** How often a change that rounding to 8 bits undoes is made larger, and by how much. */
    private static final int ENLARGEMENTS = 40;

    private static final double ENLARGEMENT = 1.03;

    public Fooling {
        Settings.require(Fooling.class, steps);
    }

    /** The hyper-parameters by name. */
    public Map<String, String> options() {
        return Settings.texts(this);
    }

    /** From noise: the log-probability of the class, in pixels and with nothing else asked. */
    public Synthesis fromNoise(ModelSession session, int target, long seed, Progress progress) {
        Model model = session.model();
        return Studio.of(
                        session,
                        model,
                        Parametrization.PIXELS,
                        Views.NONE,
                        new ClassScore(ClassScore.Scale.LOG_PROBABILITY, OptionalLong.of(target)),
                        List.of())
                .run(new Search(new Adam(NOISE_RATE), steps), Start.NOISE, seed, Search.Watch.NONE, progress);
    }

    /** The least change found to a picture as the network sees it, that still fools when rounded to 8 bits. */
    public Synthesis fromPicture(ModelSession session, Picture view, int target, Progress progress) {
        Model model = session.model();
        float[] photo = Rgb.values(view, model.channels());
        Sphere sphere = new Sphere(photo);
        Synthesis searched = Studio.of(
                        session, model, Parametrization.PIXELS, Views.NONE, new ClassMargin(target), List.of())
                .run(
                        new Search(new Ascent(PHOTO_RATE), steps),
                        new Start.Image(view),
                        0,
                        sphere::after,
                        Search.Watch.NONE,
                        progress);
        if (sphere.best.length == 0) {
            throw VitrineException.failure("No picture within " + steps + " steps is taken for "
                    + model.labels().display(target) + "; expected one. Take more steps.");
        }
        double factor = 1;
        for (int attempt = 0; attempt < ENLARGEMENTS; attempt++) {
            float[] changed = new float[photo.length];
            for (int i = 0; i < photo.length; i++) {
                double value = photo[i] + factor * (sphere.best[i] - photo[i]);
                changed[i] = (float) (Math.rint(255 * Math.max(0, Math.min(1, value))) / 255);
            }
            Tensor tensor = Tensor.floats(changed, 1, model.channels(), view.height(), view.width());
            float[] logits = session.logits(model.preprocessing().apply(Rgb.picture(tensor, 0)))
                    .toFloats();
            float margin = logits[target];
            float other = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) {
                other = i == target ? other : Math.max(other, logits[i]);
            }
            if (margin > other) {
                return new Synthesis(tensor, List.of(margin - other), searched.course());
            }
            factor *= ENLARGEMENT;
        }
        throw VitrineException.failure("The change that fools '" + model.name()
                + "' is lost when its picture is rounded to 8 bits; expected it to last. Take more steps.");
    }

    /** Keeps the place on a sphere about the photo, and the nearest place that fooled. */
    private static final class Sphere {
        private final float[] photo;
        private double radius;
        private float[] place;
        private float[] best = new float[0];
        private double nearest = Double.POSITIVE_INFINITY;

        Sphere(float[] photo) {
            this.photo = photo;
            this.place = photo.clone();
            this.radius = FIRST_DEVIATION * Math.sqrt(photo.length);
        }

        void after(Search.State state) {
            boolean fooled = state.scores()[0] > 0;
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
