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
 * One unit on one page. Unknown parts are omitted.
 *
 * @param unit its display name
 * @param numbers measurements by name
 * @param strongest strongest examples first
 * @param weakest weakest examples first
 * @param synthesized a picture optimized to activate it
 * @param histogram of its values
 * @param where the mean over pictures of its map's positive part, painted, with a caption
 * @param weights connection to the previous layer
 * @param rows lists of related things
 * @param notes what a reader needs to know
 * @param facts provenance
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
     * @param colors the filter itself, if its input is the picture
     * @param expanded its weights in pixel space along the linear path
     * @param slices kernel slices of its strongest input channels
     */
    public record Weights(Optional<BufferedImage> colors, Optional<BufferedImage> expanded, List<Slice> slices) {
        public Weights {
            slices = List.copyOf(slices);
        }

        boolean isEmpty() {
            return colors.isEmpty() && expanded.isEmpty() && slices.isEmpty();
        }
    }

    /** Items with a value each, largest first. */
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
