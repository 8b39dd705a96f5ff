package dev.vitrine.lens.corruption;

import static dev.vitrine.lens.corruption.Corruption.Kind.BLUR;
import static dev.vitrine.lens.corruption.Corruption.Kind.DIGITAL;
import static dev.vitrine.lens.corruption.Corruption.Kind.NOISE;
import static dev.vitrine.lens.corruption.Corruption.Kind.WEATHER;
import static dev.vitrine.lens.corruption.Corruption.Suite.BENCHMARK;
import static dev.vitrine.lens.corruption.Corruption.Suite.EXTRA;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.corruption.blur.DefocusBlur;
import dev.vitrine.lens.corruption.blur.GlassBlur;
import dev.vitrine.lens.corruption.blur.MotionBlur;
import dev.vitrine.lens.corruption.blur.SmoothBlur;
import dev.vitrine.lens.corruption.blur.ZoomBlur;
import dev.vitrine.lens.corruption.digital.Brightness;
import dev.vitrine.lens.corruption.digital.Contrast;
import dev.vitrine.lens.corruption.digital.Elastic;
import dev.vitrine.lens.corruption.digital.Jpeg;
import dev.vitrine.lens.corruption.digital.Pixelate;
import dev.vitrine.lens.corruption.digital.Saturate;
import dev.vitrine.lens.corruption.distortion.Directed;
import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.noise.GaussianNoise;
import dev.vitrine.lens.corruption.noise.ImpulseNoise;
import dev.vitrine.lens.corruption.noise.ShotNoise;
import dev.vitrine.lens.corruption.noise.SpeckleNoise;
import dev.vitrine.lens.corruption.weather.Fog;
import dev.vitrine.lens.corruption.weather.Frost;
import dev.vitrine.lens.corruption.weather.Mud;
import dev.vitrine.lens.corruption.weather.Snow;
import dev.vitrine.lens.corruption.weather.Water;
import dev.vitrine.lens.model.label.NearMisses;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * All corruptions, those of ImageNet-C and CIFAR-10-C with their constants. Hendrycks and Dietterich 2019, arXiv:1903.12261.
 * To add one: its distortion, and a line here.
 */
public final class Corruptions {
    public static final List<Corruption> ALL = List.of(
            new Corruption(
                    "gaussian_noise",
                    "Gaussian noise",
                    NOISE,
                    BENCHMARK,
                    each(GaussianNoise::new, .08, .12, .18, .26, .38),
                    each(GaussianNoise::new, .04, .06, .08, .09, .10)),
            new Corruption(
                    "shot_noise",
                    "shot noise",
                    NOISE,
                    BENCHMARK,
                    each(ShotNoise::new, 60, 25, 12, 5, 3),
                    each(ShotNoise::new, 500, 250, 100, 75, 50)),
            new Corruption(
                    "impulse_noise",
                    "impulse noise",
                    NOISE,
                    BENCHMARK,
                    each(ImpulseNoise::new, .03, .06, .09, .17, .27),
                    each(ImpulseNoise::new, .01, .02, .03, .05, .07)),
            new Corruption(
                    "defocus_blur",
                    "defocus",
                    BLUR,
                    BENCHMARK,
                    List.of(
                            new DefocusBlur(3, .1),
                            new DefocusBlur(4, .5),
                            new DefocusBlur(6, .5),
                            new DefocusBlur(8, .5),
                            new DefocusBlur(10, .5)),
                    List.of(
                            new DefocusBlur(.3, .4),
                            new DefocusBlur(.4, .5),
                            new DefocusBlur(.5, .6),
                            new DefocusBlur(1, .2),
                            new DefocusBlur(1.5, .1))),
            new Corruption(
                    "glass_blur",
                    "frosted glass",
                    BLUR,
                    BENCHMARK,
                    List.of(
                            new GlassBlur(.7, 1, 2),
                            new GlassBlur(.9, 2, 1),
                            new GlassBlur(1, 2, 3),
                            new GlassBlur(1.1, 3, 2),
                            new GlassBlur(1.5, 4, 2)),
                    List.of(
                            new GlassBlur(.05, 1, 1),
                            new GlassBlur(.25, 1, 1),
                            new GlassBlur(.4, 1, 1),
                            new GlassBlur(.25, 1, 2),
                            new GlassBlur(.4, 1, 2))),
            new Corruption(
                    "motion_blur",
                    "motion",
                    BLUR,
                    BENCHMARK,
                    List.of(
                            new MotionBlur(10, 3),
                            new MotionBlur(15, 5),
                            new MotionBlur(15, 8),
                            new MotionBlur(15, 12),
                            new MotionBlur(20, 15)),
                    List.of(
                            new MotionBlur(6, 1),
                            new MotionBlur(6, 1.5),
                            new MotionBlur(6, 2),
                            new MotionBlur(8, 2),
                            new MotionBlur(9, 2.5))),
            new Corruption(
                    "zoom_blur",
                    "zoom",
                    BLUR,
                    BENCHMARK,
                    List.of(
                            new ZoomBlur(12, .01),
                            new ZoomBlur(16, .01),
                            new ZoomBlur(11, .02),
                            new ZoomBlur(13, .02),
                            new ZoomBlur(11, .03)),
                    List.of(
                            new ZoomBlur(7, .01),
                            new ZoomBlur(12, .01),
                            new ZoomBlur(16, .01),
                            new ZoomBlur(21, .01),
                            new ZoomBlur(26, .01))),
            new Corruption(
                    "snow",
                    "snow",
                    WEATHER,
                    BENCHMARK,
                    List.of(
                            new Snow(.1, .3, 3, .5, 10, 4, .8),
                            new Snow(.2, .3, 2, .5, 12, 4, .7),
                            new Snow(.55, .3, 4, .9, 12, 8, .7),
                            new Snow(.55, .3, 4.5, .85, 12, 8, .65),
                            new Snow(.55, .3, 2.5, .85, 12, 12, .55)),
                    List.of(
                            new Snow(.1, .2, 1, .6, 8, 3, .95),
                            new Snow(.1, .2, 1, .5, 10, 4, .9),
                            new Snow(.15, .3, 1.75, .55, 10, 4, .9),
                            new Snow(.25, .3, 2.25, .6, 12, 6, .85),
                            new Snow(.3, .3, 1.25, .65, 14, 12, .8))),
            new Corruption(
                    "frost",
                    "frost",
                    WEATHER,
                    BENCHMARK,
                    List.of(
                            Frost.full(1, .4),
                            Frost.full(.8, .6),
                            Frost.full(.7, .7),
                            Frost.full(.65, .7),
                            Frost.full(.6, .75)),
                    List.of(
                            Frost.small(1, .2),
                            Frost.small(1, .3),
                            Frost.small(.9, .4),
                            Frost.small(.85, .4),
                            Frost.small(.75, .45))),
            new Corruption(
                    "fog",
                    "fog",
                    WEATHER,
                    BENCHMARK,
                    List.of(fog(1.5, 2), fog(2, 2), fog(2.5, 1.7), fog(2.5, 1.5), fog(3, 1.4)),
                    List.of(mist(.2, 3), mist(.5, 3), mist(.75, 2.5), mist(1, 2), mist(1.5, 1.75))),
            new Corruption(
                    "brightness",
                    "brightness",
                    WEATHER,
                    BENCHMARK,
                    each(Brightness::new, .1, .2, .3, .4, .5),
                    each(Brightness::new, .05, .1, .15, .2, .3)),
            new Corruption(
                    "contrast",
                    "contrast",
                    DIGITAL,
                    BENCHMARK,
                    each(Contrast::new, .4, .3, .2, .1, .05),
                    each(Contrast::new, .75, .5, .4, .3, .15)),
            new Corruption(
                    "elastic_transform",
                    "elastic",
                    DIGITAL,
                    BENCHMARK,
                    // The published code says 244 where it means 224.
                    List.of(
                            elastic(244, 2, .7, .1),
                            elastic(244, 2, .08, .2),
                            elastic(244, .05, .01, .02),
                            elastic(244, .07, .01, .02),
                            elastic(244, .12, .01, .02)),
                    List.of(
                            elastic(32, 0, 0, .08),
                            elastic(32, .05, .2, .07),
                            elastic(32, .08, .06, .06),
                            elastic(32, .1, .04, .05),
                            elastic(32, .1, .03, .03))),
            new Corruption(
                    "pixelate",
                    "pixelate",
                    DIGITAL,
                    BENCHMARK,
                    each(Pixelate::new, .6, .5, .4, .3, .25),
                    each(Pixelate::new, .95, .9, .85, .75, .65)),
            new Corruption(
                    "jpeg_compression",
                    "JPEG",
                    DIGITAL,
                    BENCHMARK,
                    each(Corruptions::jpeg, 25, 18, 15, 10, 7),
                    each(Corruptions::jpeg, 80, 65, 58, 50, 40)),
            new Corruption(
                    "speckle_noise",
                    "speckle noise",
                    NOISE,
                    EXTRA,
                    each(SpeckleNoise::new, .15, .2, .35, .45, .6),
                    each(SpeckleNoise::new, .06, .1, .12, .16, .2)),
            new Corruption(
                    "gaussian_blur",
                    "Gaussian blur",
                    BLUR,
                    EXTRA,
                    each(SmoothBlur::new, 1, 2, 3, 4, 6),
                    each(SmoothBlur::new, .4, .6, .7, .8, 1)),
            new Corruption(
                    "spatter",
                    "spatter",
                    WEATHER,
                    EXTRA,
                    List.of(
                            new Water(.65, .3, 4, .69, .6),
                            new Water(.65, .3, 3, .68, .6),
                            new Water(.65, .3, 2, .68, .5),
                            new Mud(.65, .3, 1, .65, 1.5),
                            new Mud(.67, .4, 1, .65, 1.5)),
                    List.of(
                            new Water(.62, .1, .7, .7, .5),
                            new Water(.65, .1, .8, .7, .5),
                            new Water(.65, .3, 1, .69, .5),
                            new Mud(.65, .1, .7, .69, .6),
                            new Mud(.65, .1, .5, .68, .6))),
            new Corruption(
                    "saturate",
                    "saturate",
                    DIGITAL,
                    EXTRA,
                    List.of(
                            new Saturate(.3, 0),
                            new Saturate(.1, 0),
                            new Saturate(2, 0),
                            new Saturate(5, .1),
                            new Saturate(20, .2)),
                    List.of(
                            new Saturate(.3, 0),
                            new Saturate(.1, 0),
                            new Saturate(1.5, 0),
                            new Saturate(2, .1),
                            new Saturate(2.5, .2))));

    private static final int NEAR = 3;

    private Corruptions() {}

    /**
     * A corruption by its id; hyphens, spaces and capitals make no difference.
     *
     * @throws VitrineException of kind USAGE, with near misses, if there is none
     */
    public static Corruption find(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
        return ALL.stream()
                .filter(corruption -> corruption.id().equals(wanted))
                .findFirst()
                .orElseThrow(() -> unknown(name, wanted));
    }

    /** The ids of those that follow a direction. */
    static List<String> directed() {
        return ALL.stream()
                .filter(corruption -> corruption.large().get(0) instanceof Directed)
                .map(Corruption::id)
                .toList();
    }

    private static VitrineException unknown(String name, String wanted) {
        List<String> ids = ALL.stream().map(Corruption::id).toList();
        List<String> near = ids.stream()
                .filter(id -> wanted.length() > 2 && (id.contains(wanted) || wanted.contains(id)))
                .limit(NEAR)
                .toList();
        List<String> meant = near.isEmpty() ? NearMisses.of(wanted, ids, NEAR) : near;
        String expected = "expected one of " + String.join(", ", ids);
        return VitrineException.usage("Found the corruption '" + name + "'; "
                + (meant.isEmpty() ? "" : "did you mean " + String.join(" or ", meant) + "? Otherwise ")
                + expected + ".");
    }

    private static List<Distortion> each(DoubleFunction<Distortion> distortion, double... constants) {
        return Arrays.stream(constants).mapToObj(distortion).collect(Collectors.toList());
    }

    private static Distortion fog(double amount, double decay) {
        return new Fog(amount, decay, 256);
    }

    private static Distortion mist(double amount, double decay) {
        return new Fog(amount, decay, 32);
    }

    private static Distortion jpeg(double quality) {
        return new Jpeg((int) quality);
    }

    private static Distortion elastic(double size, double strength, double sigma, double shift) {
        return new Elastic(size * strength, size * sigma, size * shift);
    }
}
