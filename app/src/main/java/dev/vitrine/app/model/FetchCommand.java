package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.zoo.Zoo;
import dev.vitrine.lens.model.zoo.ZooCache;
import dev.vitrine.lens.model.zoo.ZooNetwork;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine fetch}: downloads known networks into a cache, each with its card. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Downloads networks of the ONNX Model Zoo, with their cards.",
        description = {
            "%nA file is kept only if it is complete and its SHA-256 is right; an interrupted download is resumed. Proxies"
                    + " are taken from the environment (https_proxy, no_proxy). Other commands take a network as --model"
                    + " zoo:NAME and download it if necessary. Without --model they use the first network of the list that"
                    + " was fetched, or the one that --use names.%n",
            "  vitrine fetch --list",
            "  vitrine fetch squeezenet1.1-7",
            "  vitrine fetch squeezenet1.1-7 --from Downloads/squeezenet1.1-7.onnx",
            "  vitrine fetch --use resnet18-v1-7%n"
        })
public final class FetchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Networks to download; see --list.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "List the networks, and which of them are downloaded.")
    private boolean list;

    @Option(
            names = "--use",
            paramLabel = "NAME",
            description = "Use this network where no --model is given, and download it if necessary; "
                    + EmbeddedModels.USUAL + " for the one that comes with the program.")
    private Optional<String> use;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Take the network from a file that was downloaded by hand; it is checked in the same way.")
    private Optional<Path> from;

    @Option(
            names = "--mirror",
            paramLabel = "ADDRESS",
            description =
                    "Address to try first, such as https://mirror.example.org/{name}.onnx; {name} and {path} stand for"
                            + " the network's name and its path in the zoo. May be repeated.")
    private List<String> mirrors = new ArrayList<>();

    @Option(
            names = "--cache",
            paramLabel = "FOLDER",
            description = "Cache folder. Default: $" + ZooCache.VARIABLE + ", else the system's folder for caches.")
    private Optional<Path> folder;

    private final Terminal terminal;
    private final Stop stop;

    public FetchCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        ZooCache cache = folder.map(ZooCache::in).orElseGet(NamedModel::cache);
        List<ZooNetwork> wanted = wanted();
        if (list) {
            table(cache).forEach(terminal.out()::println);
            terminal.out().println("In " + cache.folder());
            return 0;
        }
        for (ZooNetwork network : wanted) {
            stop.check();
            terminal.out().println(fetched(cache, network));
        }
        use.ifPresent(name ->
                cache.prefer(embedded(name).orElseGet(() -> Zoo.find(name).name())));
        terminal.out().println("Where no --model is given, " + NamedModel.usualName(cache) + " answers.");
        return 0;
    }

    private List<ZooNetwork> wanted() {
        List<ZooNetwork> wanted = new ArrayList<>(names.stream().map(Zoo::find).toList());
        use.filter(name -> embedded(name).isEmpty()).map(Zoo::find).ifPresent(wanted::add);
        if (list && (!wanted.isEmpty() || use.isPresent() || from.isPresent())) {
            throw VitrineException.usage("Found --list beside something to fetch; expected one or the other.");
        }
        if (from.isPresent() && wanted.isEmpty()) {
            wanted.add(ofSize(from.get()));
        }
        if (from.isPresent() && wanted.stream().distinct().count() > 1) {
            throw VitrineException.usage("--from " + from.get() + ": found several networks; expected one.");
        }
        if (wanted.isEmpty() && !list && use.isEmpty()) {
            throw VitrineException.usage("Found no network to fetch; expected a name, such as "
                    + Zoo.NETWORKS.get(0).name() + ". See them with: vitrine fetch --list");
        }
        return wanted.stream().distinct().toList();
    }

    private static Optional<String> embedded(String name) {
        return EmbeddedModels.NAMES.stream().filter(name.strip()::equals).findFirst();
    }

    /** The network of a file whose name is not in the list, by its size. */
    private static ZooNetwork ofSize(Path file) {
        long bytes;
        try {
            bytes = Files.size(file);
        } catch (IOException missing) {
            throw VitrineException.failure("--from " + file + ": no such file; expected a network as an ONNX file.");
        }
        return Zoo.NETWORKS.stream()
                .filter(network -> network.bytes() == bytes)
                .findFirst()
                .orElseThrow(() -> VitrineException.failure("--from " + file + ": has " + bytes
                        + " bytes, as no network of the list has; expected one of them, whole."));
    }

    private Path fetched(ZooCache cache, ZooNetwork network) {
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
        try {
            URI address = network.at(mirror);
            String scheme = String.valueOf(address.getScheme());
            if (address.getHost() != null && (scheme.equals("https") || scheme.equals("http"))) {
                return address;
            }
        } catch (IllegalArgumentException noAddress) {
            // Reported below.
        }
        throw VitrineException.usage(
                "--mirror '" + mirror + "': expected an address, such as https://mirror.example.org/{name}.onnx.");
    }

    private List<String> table(ZooCache cache) {
        Optional<ZooNetwork> usual = cache.usual();
        Table table = new Table("name", "size", "input", "what it is", "");
        for (ZooNetwork network : Zoo.NETWORKS) {
            table.row(
                    network.name() + (usual.filter(network::equals).isPresent() ? " *" : ""),
                    Fetching.size(network),
                    network.input()
                            .replaceAll("[\\[\\]]", "")
                            .replaceAll(", *", "×")
                            .replaceAll("^(batch_size|N)", "N"),
                    network.title(),
                    state(cache, network));
        }
        return table.lines(terminal.columns());
    }

    private static String state(ZooCache cache, ZooNetwork network) {
        if (cache.holds(network)) {
            return "there";
        }
        long begun = cache.begun(network);
        return begun == 0 ? "" : 100 * begun / network.bytes() + " % there";
    }
}
