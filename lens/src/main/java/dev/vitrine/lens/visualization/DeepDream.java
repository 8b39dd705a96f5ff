package dev.vitrine.lens.visualization;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelAtSize;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.visualization.optimization.Ascent;
import dev.vitrine.lens.visualization.optimization.Course;
import dev.vitrine.lens.visualization.optimization.PictureLoss;
import dev.vitrine.lens.visualization.optimization.Problem;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * x += rate · g / mean |g| of a layer's mean square, on the picture from small to large: faint responses of the network
 * are amplified. Mordvintsev, Olah and Tyka 2015.
 *
 * @param octaves sizes, each {@code scale} times the one before; the last is the picture's own
 * @param steps on each octave
 * @param rate of a step, where white is 1
 * @param jitter pixels that the picture is rolled at most before each step
 */
public record DeepDream(
        @Setting(least = 1, meaning = "number of sizes (octaves), the last being the picture's own")
        int octaves,

        @Setting(name = "octave-scale", label = "S", above = 1, meaning = "ratio of one size to the next")
        double scale,

        @Setting(least = 1, meaning = "steps of ascent at each size")
        int steps,

        @Setting(label = "R", above = 0, meaning = "length of a step, where white is 1")
        double rate,

        @Setting(label = "PIXELS", least = 0, meaning = "random shift at each step")
        int jitter) {
    public static final DeepDream USUAL = new DeepDream(4, 1.4, 10, 1.5 / 255, 32);

    /** Side in pixels below which most networks respond to nothing. */
    private static final int SMALLEST = 32;

    public DeepDream {
        Settings.require(DeepDream.class, octaves, scale, steps, rate, jitter);
    }

    /** The hyper-parameters by name. */
    public Map<String, String> options() {
        return Settings.texts(this);
    }

    /** A picture of the size of {@code picture}. */
    public Synthesis run(ModelSession session, Picture picture, Objective objective, long seed, Progress progress) {
        SplittableRandom random = new SplittableRandom(seed);
        int channels = session.model().channels();
        List<Course> courses = new ArrayList<>();
        float[] detail = new float[0];
        int beforeWidth = 0;
        int beforeHeight = 0;
        List<Float> scores = List.of();
        Tensor result = Tensor.floats(Rgb.values(picture, channels), 1, channels, picture.height(), picture.width());
        for (int octave = 0; octave < octaves; octave++) {
            double factor = Math.pow(scale, octave + 1 - octaves);
            int width = (int) Math.round(picture.width() * factor);
            int height = (int) Math.round(picture.height() * factor);
            requireSize(width, height, picture);
            float[] base = Rgb.values(Resampler.resize(picture, width, height, Resampling.LANCZOS), channels);
            float[] pixels = base.clone();
            for (int plane = 0; plane < channels && octave > 0; plane++) {
                int places = beforeWidth * beforeHeight;
                float[] larger = Resampler.resize(
                        java.util.Arrays.copyOfRange(detail, plane * places, (plane + 1) * places),
                        beforeWidth,
                        beforeHeight,
                        width,
                        height,
                        Resampling.BILINEAR);
                for (int i = 0; i < larger.length; i++) {
                    pixels[plane * larger.length + i] += larger[i];
                }
            }
            Model model = ModelAtSize.of(session.model(), width, height, objective.layers());
            Problem problem = new Problem(model, Parametrization.PIXELS, Views.NONE, objective, List.of());
            try (PictureLoss loss = problem.open(session.runner())) {
                courses.add(dream(loss, pixels, random, octave, progress));
                PictureLoss.Answer last = loss.at(repeated(pixels, loss), loss.straight(), new float[loss.size()]);
                scores = List.of(last.scores()[0]);
            }
            detail = new float[pixels.length];
            for (int i = 0; i < pixels.length; i++) {
                detail[i] = pixels[i] - base[i];
            }
            beforeWidth = width;
            beforeHeight = height;
            result = Tensor.floats(pixels, 1, channels, height, width);
        }
        return new Synthesis(result, scores, Course.concatenated(courses));
    }

    private static void requireSize(int width, int height, Picture picture) {
        if (Math.min(width, height) < SMALLEST) {
            throw VitrineException.usage(
                    "The smallest octave is " + width + "×" + height + " pixels; expected at least "
                            + SMALLEST + " each way of a picture of " + picture.width() + "×" + picture.height()
                            + ". Take fewer octaves.");
        }
    }

    private Course dream(PictureLoss loss, float[] pixels, SplittableRandom random, int octave, Progress progress) {
        int height = (int) loss.problem().shape()[2];
        int width = (int) loss.problem().shape()[3];
        Search step = new Search(new Ascent(rate), 1);
        List<Course> courses = new ArrayList<>();
        for (int done = 0; done < steps; done++) {
            int right = random.nextInt(2 * jitter + 1) - jitter;
            int below = random.nextInt(2 * jitter + 1) - jitter;
            float[] rolled = repeated(rolled(pixels, height, width, below, right), loss);
            courses.add(step.run(loss, rolled, random, Search.Upkeep.NONE, Search.Watch.NONE, Progress.NONE));
            float[] back = rolled(java.util.Arrays.copyOf(rolled, pixels.length), height, width, -below, -right);
            System.arraycopy(back, 0, pixels, 0, pixels.length);
            progress.report((long) octave * steps + done + 1, (long) octaves * steps);
        }
        return Course.concatenated(courses);
    }

    /** The same picture repeated to fill a model's batch. */
    private static float[] repeated(float[] pixels, PictureLoss loss) {
        if (loss.size() == pixels.length) {
            return pixels;
        }
        float[] all = new float[loss.size()];
        for (int i = 0; i < all.length; i += pixels.length) {
            System.arraycopy(pixels, 0, all, i, pixels.length);
        }
        return all;
    }

    private static float[] rolled(float[] pixels, int height, int width, int below, int right) {
        float[] rolled = new float[pixels.length];
        int rows = pixels.length / width;
        for (int row = 0; row < rows; row++) {
            int plane = row / height * height;
            int from = (plane + Math.floorMod(row - plane - below, height)) * width;
            int shift = Math.floorMod(right, width);
            System.arraycopy(pixels, from, rolled, row * width + shift, width - shift);
            System.arraycopy(pixels, from + width - shift, rolled, row * width, shift);
        }
        return rolled;
    }
}
