package dev.vitrine.study.ablation;

import dev.vitrine.study.StudyFiles;
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
        AblationPage page = new AblationPage(this);
        return new StudyFiles("ablation", model, data)
                .write(folder, page.html(), page.plot().image(page.caption()), json());
    }
}
