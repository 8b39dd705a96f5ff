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
 * @param folder where to
 * @param reduction how color channels become a picture; the method's own way where empty
 * @param painter of pictures in the input's own colors
 * @param scale how many times the pictures of sheets are enlarged
 * @param findings of the methods on this model, shown beside them
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
    /** Pictures as they are, and nothing besides. */
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

    /** Whether attributions are written as NumPy arrays too. */
    public enum Arrays {
        WRITTEN,
        LEFT_OUT
    }
}
