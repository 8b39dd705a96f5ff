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
 * @param synthesised a picture made to excite it
 * @param histogram of its values
 * @param where the mean over pictures of its map's positive part, painted, with words
 * @param labels folders of its strongest pictures
 * @param weights how it is made from the layer before
 * @param rows lists of related things
 * @param facts how it was made
 */
public record UnitPage(
        String model,
        String unit,
        Map<String, String> numbers,
        List<Drawn> strongest,
        List<Drawn> weakest,
        Optional<Figure> synthesised,
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
     * @param colours the filter itself, where it reads the picture
     * @param expanded its weights over the pixels along the linear path
     * @param slices its kernel's strongest input channels
     */
    public record Weights(Optional<BufferedImage> colours, Optional<BufferedImage> expanded, List<Slice> slices) {
        public Weights {
            slices = List.copyOf(slices);
        }
    }

    /** Things with a number each, the largest first. */
    public record Ranked(String title, String about, List<Entry> entries) {
        public Ranked {
            entries = List.copyOf(entries);
        }
    }

    /** @param share of the bar's full length, 0..1 */
    public record Entry(String name, String amount, double share) {}

    public String html() {
        PageText page = new PageText(unit + " · " + model);
        notes.forEach(note -> page.add("<p class=\"note wide\">", Html.text(note), "</p>\n"));
        page.add("<div class=\"numbers\">");
        numbers.forEach((name, value) ->
                page.add("<div><b>", Html.text(value), "</b><span>", Html.text(name), "</span></div>"));
        page.add("</div>\n");
        if (!strongest.isEmpty()) {
            page.add("<section class=\"large\">\n").heading("What it answers to");
            page.add(
                    "<p class=\"small\">What the unit sees of the picture, and beside it what of that it answers to"
                            + " (deconvnet; Zeiler &amp; Fergus 2013). Hover for names and values.</p>\n<div class=\"units\">\n");
            page.examples("strongest", strongest).examples("weakest", weakest);
            page.add("</div>\n</section>\n");
        }
        page.add("<div class=\"cols\">\n");
        synthesised.ifPresent(figure -> panel(page, "What would excite it most", figure));
        histogram.ifPresent(found -> histogram(page, found));
        where.ifPresent(figure -> panel(page, "Where it looks", figure));
        weights(page);
        rows.stream().filter(row -> !row.entries().isEmpty()).forEach(row -> ranked(page, row));
        page.add("</div>\n");
        return page.end(facts, "");
    }

    private static void panel(PageText page, String title, Figure figure) {
        page.add("<div class=\"panel\">").heading(title);
        page.add(
                "<img class=\"one\" alt=\"",
                Html.text(figure.words()),
                "\" src=\"",
                Html.data(figure.picture()),
                "\">");
        page.add("<p class=\"small\">", Html.text(figure.words()), "</p></div>\n");
    }

    private void weights(PageText page) {
        if (weights.colours().isEmpty()
                && weights.expanded().isEmpty()
                && weights.slices().isEmpty()) {
            return;
        }
        page.add("<div class=\"panel\">").heading("Its weights");
        weights.colours().ifPresent(image -> {
            page.image(image, "its filter over the picture's channels");
            page.add("<p class=\"small\">Its filter in the colours of the picture; grey is 0.</p>");
        });
        weights.expanded().ifPresent(image -> {
            page.image(image, "its weights over the pixels");
            page.add(
                    "<p class=\"small\">Its weights over the pixels along the linear path: rectifiers left out, maxima of"
                            + " poolings taken as means; grey is 0.</p>");
        });
        if (!weights.slices().isEmpty()) {
            page.add("<div class=\"slices\">");
            for (Slice slice : weights.slices()) {
                page.image(
                        slice.picture(),
                        "from input channel " + slice.inputChannel() + ", norm " + PageText.number(slice.norm()));
            }
            page.add(
                    "</div><p class=\"small\">Its kernel over the input channels with the largest weights: red adds, blue"
                            + " takes off. Hover for their numbers.</p>");
        }
        page.add("</div>\n");
    }

    private static void ranked(PageText page, Ranked row) {
        page.add("<div class=\"panel\">").heading(row.title());
        page.add("<p class=\"small\">", Html.text(row.about()), "</p>\n<ul class=\"bars\">\n");
        for (Entry entry : row.entries()) {
            page.add("<li><span class=\"name\" title=\"", Html.text(entry.name()), "\">", Html.text(entry.name()));
            page.add("</span><span class=\"amount\">", Html.text(entry.amount()), "</span>");
            page.add(String.format(
                            Locale.ROOT,
                            "<span class=\"track\"><span style=\"width:%.1f%%\"></span></span></li>%n",
                            100 * Math.max(0, Math.min(1, entry.share())))
                    .replace("\r\n", "\n"));
        }
        page.add("</ul></div>\n");
    }

    /** Heights by the logarithm of the count, since most values lie in few bins. */
    private static void histogram(PageText page, Histogram histogram) {
        int width = 440;
        int height = 150;
        double most = 0;
        int first = histogram.bins();
        int end = 0;
        for (int bin = 0; bin < histogram.bins(); bin++) {
            most = Math.max(most, Math.log1p(histogram.count(bin)));
            if (histogram.count(bin) > 0) {
                first = Math.min(first, bin);
                end = bin + 1;
            }
        }
        page.add("<div class=\"panel\">").heading("How strong it is");
        page.add(
                "<svg class=\"plot\" viewBox=\"0 0 ",
                width,
                " ",
                height + 24,
                "\" role=\"img\" aria-label=\"histogram\">\n");
        double step = (double) width / Math.max(1, end - first);
        for (int bin = first; bin < end; bin++) {
            double tall = most == 0 ? 0 : height * Math.log1p(histogram.count(bin)) / most;
            boolean off = histogram.edge(bin + 1) <= 0;
            page.add(String.format(
                    Locale.ROOT,
                    "<rect%s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s to %s: %d</title></rect>",
                    off ? " class=\"off\"" : "",
                    (bin - first) * step,
                    height - tall,
                    step - 1,
                    tall,
                    PageText.number(histogram.edge(bin)),
                    PageText.number(histogram.edge(bin + 1)),
                    histogram.count(bin)));
        }
        page.add("<text x=\"0\" y=\"", height + 16, "\">", PageText.number(histogram.edge(first)), "</text>");
        page.add("<text text-anchor=\"end\" x=\"", width, "\" y=\"", height + 16, "\">");
        page.add(PageText.number(histogram.edge(end)), "</text></svg>");
        page.add(
                "<p class=\"small\">Its values at all places of all pictures; heights by the logarithm of the count; grey"
                        + " where it is silent.</p></div>\n");
    }

    public void write(Path file) {
        OutputFile.write(file, html());
    }
}
