package dev.vitrine.study.unit.page;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.unit.filter.FilterPainter.Slice;
import dev.vitrine.study.page.Html;
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
 * @param about description of the layer
 * @param facts provenance
 */
public record FilterPage(
        String model, String layer, List<String> about, List<Filter> filters, Map<String, String> facts) {
    public FilterPage {
        about = List.copyOf(about);
        filters = List.copyOf(filters);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * @param colors its weights over the color channels, if its input is the picture
     * @param roughness of these weights, or of its kernel
     * @param slices kernel slices of its strongest input channels
     * @param expanded its weights in pixel space along the linear path, if its input is not the picture
     */
    public record Filter(
            int channel,
            Optional<BufferedImage> colors,
            OptionalDouble roughness,
            List<Slice> slices,
            Optional<BufferedImage> expanded) {
        public Filter {
            slices = List.copyOf(slices);
        }

        /** The picture that represents it. */
        public BufferedImage picture() {
            return colors.or(() -> expanded).orElseGet(() -> slices.get(0).picture());
        }
    }

    public String html() {
        return Html.of(output -> JtefiltersGenerated.render(output, null, this));
    }

    public void write(Path file) {
        OutputFile.write(file, html());
    }
}
