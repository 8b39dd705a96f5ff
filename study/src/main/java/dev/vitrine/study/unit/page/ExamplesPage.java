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
 * Strongest and weakest examples of some channels of each layer, as one page.
 *
 * @param notes what is found over all of them
 * @param facts how it was made
 */
public record ExamplesPage(String model, List<Layer> layers, List<String> notes, Map<String, String> facts) {
    public ExamplesPage {
        layers = List.copyOf(layers);
        notes = List.copyOf(notes);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * @param about its size and field, for people
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

    /** The same examples give the same text. */
    public String html() {
        PageText page = new PageText("What the units of " + model + " answer to");
        page.paragraph(
                "Of each channel the pictures that it answers to most: the part of the picture that the unit sees,"
                        + " and beside it what of that part the unit answers to (deconvnet projection of that unit alone;"
                        + " Zeiler & Fergus 2013). Then the pictures that it answers to least. Hover for names and values.");
        notes.forEach(page::paragraph);
        for (Layer layer : layers) {
            page.add("<section>\n").heading(layer.name());
            page.add("<p class=\"small\">").add(Html.text(layer.about())).add("</p>\n<div class=\"units\">\n");
            for (Channel channel : layer.channels()) {
                page.add("<div class=\"unit\">");
                page.examples(channel.name(), channel.strongest());
                page.examples("weakest", channel.weakest());
                page.add("</div>\n");
            }
            page.add("</div>\n</section>\n");
        }
        return page.end(facts, "");
    }

    public void write(Path file) {
        OutputFile.write(file, html());
    }
}
