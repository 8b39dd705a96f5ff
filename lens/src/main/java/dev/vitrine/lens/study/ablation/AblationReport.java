package dev.vitrine.lens.study.ablation;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.Png;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a network loses without its layers, or without channels of them, as one page, a plot, and one file for programs.
 *
 * @param data name of the folder or archive
 * @param fill what channels that are taken out hold
 * @param layers in the order of the network
 * @param channels likewise
 * @param retrained what the rest came to by learning on, where a recipe was given
 * @param unreadable why pictures were left out, one sentence each
 * @param missing what is not done, where the work was stopped
 * @param facts how it was made
 */
public record AblationReport(
        String model,
        String data,
        Fill fill,
        List<LayerAblation.Result> layers,
        List<ChannelAblation.Result> channels,
        Optional<Retraining.Results> retrained,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts) {
    public AblationReport {
        layers = List.copyOf(layers);
        channels = List.copyOf(channels);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** The whole network on the pictures. */
    public Outcome whole() {
        return layers.isEmpty()
                ? channels.get(0).curves().values().iterator().next().get(0).outcome()
                : layers.get(0).whole();
    }

    /** The same report gives the same text. */
    public String html() {
        return new AblationPage(this).html();
    }

    public String json() {
        return AblationSummary.json(this);
    }

    /** Writes {@code ablation.html}, {@code ablation.png} and {@code ablation.json}. */
    public List<Path> write(Path folder) {
        Path page = folder.resolve("ablation.html");
        Path plot = folder.resolve("ablation.png");
        Path summary = folder.resolve("ablation.json");
        OutputFile.write(page, html());
        AblationPage drawn = new AblationPage(this);
        Map<String, String> text = new LinkedHashMap<>(Map.of("Software", "Vitrine"));
        text.put("Model", model);
        text.put("Method", "ablation");
        text.put("Data", data);
        Png.write(plot, drawn.plot().image(drawn.caption()), text);
        OutputFile.write(summary, json());
        return List.of(page, plot, summary);
    }
}
