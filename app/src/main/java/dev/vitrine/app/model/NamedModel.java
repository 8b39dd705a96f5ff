package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.zoo.Zoo;
import dev.vitrine.lens.model.zoo.ZooCache;
import dev.vitrine.lens.model.zoo.ZooNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The model to open: the one that is named, a network of the zoo, or the default.
 *
 * @param file an ONNX file, or the name of a bundled network
 * @param notes on the choice, for the terminal and the page
 */
record NamedModel(Path file, List<String> notes) {
    /** The folder of fetched networks; tests use their own. */
    static ZooCache cache() {
        return Optional.ofNullable(System.getProperty("vitrine.cache"))
                .map(folder -> ZooCache.in(Path.of(folder)))
                .orElseGet(() -> ZooCache.usual(System.getenv()));
    }

    /** The model of a text such as {@code net.onnx}, {@code zf-caltech} or {@code zoo:squeezenet1.1-7}. */
    static NamedModel of(Path named, Terminal terminal, Stop stop) {
        String text = named.toString();
        if (!text.startsWith(Zoo.PREFIX)) {
            return new NamedModel(named, List.of());
        }
        ZooNetwork network = Zoo.find(text.substring(Zoo.PREFIX.length()));
        return new NamedModel(Fetching.file(cache(), network, network.addresses(), terminal, stop), List.of());
    }

    /** Name of the default model. */
    static String usualName(ZooCache cache) {
        return cache.usual().map(ZooNetwork::name).or(() -> preferred(cache)).orElse(EmbeddedModels.USUAL);
    }

    private static Optional<String> preferred(ZooCache cache) {
        return cache.preferred().filter(EmbeddedModels.NAMES::contains);
    }

    /** The default model. */
    static NamedModel usual(Terminal terminal) {
        ZooCache cache = cache();
        Optional<ZooNetwork> fetched = cache.usual();
        if (fetched.isPresent()) {
            terminal.err()
                    .println(
                            "note: No --model was given; using " + fetched.get().name() + ", which was fetched.");
            return new NamedModel(cache.file(fetched.get()), List.of());
        }
        Optional<String> preferred = preferred(cache);
        if (preferred.isPresent()) {
            return new NamedModel(Path.of(preferred.get()), List.of());
        }
        return new NamedModel(
                Path.of(EmbeddedModels.USUAL),
                List.of("No --model was given; using " + EmbeddedModels.USUAL
                        + ", a small network for 32 kinds of things that comes with the program. For 1000 classes:"
                        + " vitrine fetch "
                        + Zoo.NETWORKS.get(0).name()));
    }
}
