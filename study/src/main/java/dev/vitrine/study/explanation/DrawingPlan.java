package dev.vitrine.study.explanation;

import dev.vitrine.lens.attribution.Attribution.Reduction;
import dev.vitrine.lens.render.PixelPainter;
import dev.vitrine.lens.render.Smoothing;
import dev.vitrine.study.page.SanityFindings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How explanations are drawn.
 *
 * @param folder output folder
 * @param reduction how color channels are reduced to a map; the method's default if empty
 * @param painter of maps in the input's own colors
 * @param scale enlargement of the pictures on sheets
 * @param findings sanity verdicts on the methods for this model, shown beside them
 * @param maker the program and its version, for pages
 */
public record DrawingPlan(
        Path folder,
        Optional<Reduction> reduction,
        Arrays arrays,
        PixelPainter painter,
        int scale,
        SanityFindings findings,
        String maker) {
    /** Plain pictures, with no other output. */
    public static DrawingPlan plain(Path folder, String maker) {
        return new DrawingPlan(
                folder,
                Optional.empty(),
                Arrays.LEFT_OUT,
                new PixelPainter(new Smoothing(0), OptionalDouble.empty()),
                1,
                SanityFindings.NONE,
                maker);
    }

    /** Whether attributions are also written as NumPy arrays. */
    public enum Arrays {
        WRITTEN,
        LEFT_OUT
    }
}
