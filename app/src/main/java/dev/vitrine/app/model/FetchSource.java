package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.zoo.ZooCache;
import dev.vitrine.lens.model.zoo.ZooNetwork;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Source of a download. */
public final class FetchSource {
    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Use a file that was downloaded manually; its SHA-256 is checked too.")
    private Optional<Path> from;

    @Option(
            names = "--mirror",
            paramLabel = "ADDRESS",
            description =
                    "Address to try first, such as https://mirror.example.org/{name}.onnx; {name} and {path} stand for"
                            + " the network's name and its path in the zoo. May be repeated.")
    private List<String> mirrors = new ArrayList<>();

    Optional<Path> file() {
        return from;
    }

    Path fetched(ZooCache cache, ZooNetwork network, Terminal terminal, Stop stop) {
        if (from.isPresent()) {
            try (Fetching watch = new Fetching(network, terminal, stop)) {
                return cache.take(network, from.get(), watch);
            }
        }
        List<URI> addresses = Stream.concat(
                        mirrors.stream().map(mirror -> address(mirror, network)), network.addresses().stream())
                .toList();
        return Fetching.file(cache, network, addresses, terminal, stop);
    }

    private static URI address(String mirror, ZooNetwork network) {
        return network.atMirror(mirror)
                .orElseThrow(() -> VitrineException.usage("--mirror '" + mirror
                        + "': expected an address, such as https://mirror.example.org/{name}.onnx."));
    }
}
