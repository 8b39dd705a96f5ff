package dev.vitrine.study.robustness;

import dev.vitrine.lens.model.Model;
import java.util.Locale;
import java.util.Map;

/**
 * Top-1 errors of AlexNet on ImageNet-C, means over the five severities, by which corruption errors are normalized. Hendrycks
 * and Dietterich 2019, arXiv:1903.12261.
 */
public final class PublishedErrors {
    /** Of AlexNet on the pictures as they are. */
    public static final double CLEAN = .43478;

    private static final Map<String, Double> ALEXNET = Map.ofEntries(
            Map.entry("gaussian_noise", .886428),
            Map.entry("shot_noise", .894468),
            Map.entry("impulse_noise", .922640),
            Map.entry("defocus_blur", .819880),
            Map.entry("glass_blur", .826268),
            Map.entry("motion_blur", .785948),
            Map.entry("zoom_blur", .798360),
            Map.entry("snow", .866816),
            Map.entry("frost", .826572),
            Map.entry("fog", .819324),
            Map.entry("brightness", .564592),
            Map.entry("contrast", .853204),
            Map.entry("elastic_transform", .646056),
            Map.entry("pixelate", .717840),
            Map.entry("jpeg_compression", .606500));

    private static final int CLASSES = 1000;

    private PublishedErrors() {}

    /** Of a corruption of the benchmark. */
    public static double of(String corruption) {
        return ALEXNET.get(corruption);
    }

    /** Whether a network has the thousand classes of ImageNet in their customary order. */
    public static boolean areFor(Model model) {
        return model.classes() == CLASSES
                && isNamed(model, 0, "n01440764", "tench")
                && isNamed(model, CLASSES - 1, "n15075141", "toilet");
    }

    private static boolean isNamed(Model model, int label, String id, String name) {
        return model.labels().id(label).filter(id::equals).isPresent()
                || model.labels().name(label).contains(id)
                || model.labels().name(label).toLowerCase(Locale.ROOT).startsWith(name);
    }
}
