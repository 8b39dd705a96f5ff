package dev.vitrine.study.unit.page;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.unit.example.ExamplePainter.Drawn;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The strongest and weakest examples of some channels of each layer on one page.
 *
 * @param notes findings over all channels
 * @param facts provenance
 */
public record ExamplesPage(String model, List<Layer> layers, List<String> notes, Map<String, String> facts) {
    public ExamplesPage {
        layers = List.copyOf(layers);
        notes = List.copyOf(notes);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * @param about its size and receptive field, as text
     */
    public record Layer(String name, String about, List<Channel> channels) {
        public Layer {
            channels = List.copyOf(channels);
        }
    }

    public record Channel(String name, List<Drawn> strongest, List<Drawn> weakest) {
        public Channel {
            strongest = List.copyOf(strongest);
            weakest = List.copyOf(weakest);
        }
    }

    /** Deterministic: the same examples give the same text. */
    public String html() {
        return Html.of(output -> JteexamplesGenerated.render(output, null, this));
    }

    public void write(Path file) {
        OutputFile.write(file, html());
    }
}
