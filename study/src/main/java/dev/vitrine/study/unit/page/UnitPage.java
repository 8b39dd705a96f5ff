package dev.vitrine.study.unit.page;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.unit.filter.FilterPainter.Slice;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.unit.example.ExamplePainter.Drawn;
import dev.vitrine.study.unit.portrait.Histogram;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one unit is, on one page. What is not known is left out.
 *
 * @param unit as people call it
 * @param numbers what is measured, by what it is
 * @param strongest first the picture that it answers to most
 * @param weakest first the picture that it answers to least
 * @param synthesized a picture made to excite it
 * @param histogram of its values
 * @param where the mean over pictures of its map's positive part, painted, with words
 * @param weights how it is made from the layer before
 * @param rows lists of related things
 * @param notes what a reader has to know
 * @param facts how it was made
 */
public record UnitPage(
        String model,
        String unit,
        Map<String, String> numbers,
        List<Drawn> strongest,
        List<Drawn> weakest,
        Optional<Figure> synthesized,
        Optional<Histogram> histogram,
        Optional<Figure> where,
        Weights weights,
        List<Ranked> rows,
        List<String> notes,
        Map<String, String> facts) {
    public UnitPage {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        strongest = List.copyOf(strongest);
        weakest = List.copyOf(weakest);
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    public record Figure(BufferedImage picture, String words) {}

    /**
     * @param colors the filter itself, where it reads the picture
     * @param expanded its weights over the pixels along the linear path
     * @param slices its kernel's strongest input channels
     */
    public record Weights(Optional<BufferedImage> colors, Optional<BufferedImage> expanded, List<Slice> slices) {
        public Weights {
            slices = List.copyOf(slices);
        }

        boolean isEmpty() {
            return colors.isEmpty() && expanded.isEmpty() && slices.isEmpty();
        }
    }

    /** Things with a number each, the largest first. */
    public record Ranked(String title, String about, List<Entry> entries) {
        public Ranked {
            entries = List.copyOf(entries);
        }
    }

    /** @param share of the bar's full length, 0..1 */
    public record Entry(String name, String amount, double share) {
        String percent() {
            return String.format(Locale.ROOT, "%.1f", 100 * Math.max(0, Math.min(1, share)));
        }
    }

    public String html() {
        return Html.of(output -> JteunitGenerated.render(output, null, this));
    }

    public void write(Path file) {
        OutputFile.write(file, html());
    }
}
