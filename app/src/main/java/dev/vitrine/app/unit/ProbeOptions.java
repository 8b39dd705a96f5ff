package dev.vitrine.app.unit;

import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.unit.example.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Layers whose channels are ranked, and directions in them. */
public final class ProbeOptions {
    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            split = ",",
            defaultValue = "all",
            description = "Layers by name; 'all' for each stage of the network, after its rectifier; 'every' for every"
                    + " value that has channels, which takes about twice as long. Default: ${DEFAULT-VALUE}.")
    private List<String> layers;

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Also rank along N random directions of each chosen layer, and compare the similarity of their"
                            + " pictures with that of units' pictures.")
    private int random;

    @Option(
            names = "--directions",
            paramLabel = "FILE.npy",
            description = "Also rank along these directions of the chosen layer: float32 [D,C], one row per direction.")
    private Optional<Path> directions;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the random directions. Default: 0.")
    private long seed;

    List<Probe> of(Model model, Terminal terminal) {
        Bound.atLeast(0, "--random", random);
        List<ChannelLayer> chosen = UnitLayers.parse(layers, model);
        ShortNames.ofLayers(layers, model, terminal);
        List<Probe> probes = new ArrayList<>();
        chosen.forEach(layer -> probes.add(Probe.of(layer)));
        if (random > 0) {
            chosen.forEach(layer -> probes.add(Probe.random(layer, random, seed)));
        }
        directions.ifPresent(path -> probes.add(given(path, chosen)));
        return probes;
    }

    private static Probe given(Path path, List<ChannelLayer> chosen) {
        if (chosen.size() != 1) {
            throw VitrineException.usage(
                    "--directions: found " + chosen.size() + " layers; expected one. Name it with --layer.");
        }
        Tensor rows = Npy.read(path);
        ChannelLayer layer = chosen.get(0);
        if (rows.rank() != 2 || rows.dimension(1) != layer.channels()) {
            throw VitrineException.usage("--directions " + path + ": found " + rows + "; expected FLOAT32[D, "
                    + layer.channels() + "], one row per direction of layer '" + layer.name() + "'.");
        }
        return Probe.along(layer.name() + " along " + path.getFileName(), layer, rows.toFloats());
    }
}
