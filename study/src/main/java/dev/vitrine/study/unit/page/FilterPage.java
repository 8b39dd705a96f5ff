package dev.vitrine.study.unit.page;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.unit.filter.FilterPainter.Slice;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The filters of a layer.
 *
 * @param about what the layer is, for people
 * @param facts how it was made
 */
public record FilterPage(
        String model, String layer, List<String> about, List<Filter> filters, Map<String, String> facts) {
    public FilterPage {
        about = List.copyOf(about);
        filters = List.copyOf(filters);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * @param colours its weights over the picture's own channels, where it reads the picture
     * @param roughness of these, or of its kernel
     * @param slices its kernel's strongest input channels
     * @param expanded its weights over the pixels along the linear path, where it does not read the picture
     */
    public record Filter(
            int channel,
            Optional<BufferedImage> colours,
            OptionalDouble roughness,
            List<Slice> slices,
            Optional<BufferedImage> expanded) {
        public Filter {
            slices = List.copyOf(slices);
        }

        /** What it looks like at a glance. */
        public BufferedImage picture() {
            return colours.or(() -> expanded).orElseGet(() -> slices.get(0).picture());
        }
    }

    public String html() {
        PageText page = new PageText("Filters of " + layer + " of " + model);
        about.forEach(page::paragraph);
        page.add("<div class=\"units filters\">\n");
        for (Filter filter : filters) {
            page.add("<div class=\"filter\"><b>", filter.channel(), "</b>");
            filter.roughness().ifPresent(c -> page.add(" <span class=\"small\">C = ", PageText.number(c), "</span>"));
            page.add("<div class=\"pair\">");
            filter.colours().ifPresent(image -> page.image(image, "weights of channel " + filter.channel()));
            filter.expanded()
                    .ifPresent(
                            image -> page.image(image, "weights of channel " + filter.channel() + " over the pixels"));
            page.add("</div>");
            if (!filter.slices().isEmpty()) {
                page.add("<div class=\"slices\">");
                for (Slice slice : filter.slices()) {
                    page.image(
                            slice.picture(),
                            "from input channel " + slice.inputChannel() + ", norm " + PageText.number(slice.norm()));
                }
                page.add("</div>");
            }
            page.add("</div>\n");
        }
        page.add("</div>\n");
        return page.end(facts, "");
    }

    public void write(Path file) {
        OutputFile.write(file, html());
    }
}
