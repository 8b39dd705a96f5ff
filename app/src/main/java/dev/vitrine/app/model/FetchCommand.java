package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.zoo.Zoo;
import dev.vitrine.lens.model.zoo.ZooCache;
import dev.vitrine.lens.model.zoo.ZooNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine fetch}: downloads known networks into a cache, each with its card. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Downloads networks of the ONNX Model Zoo, with their cards.",
        description = {
            "%nA file is kept only if it is complete and its SHA-256 matches; an interrupted download is resumed."
                    + " Proxies"
                    + " are taken from the environment (https_proxy, no_proxy). Other commands take a network as"
                    + " --model"
                    + " zoo:NAME and download it if necessary. Without --model they use the first network of the list"
                    + " that"
                    + " was fetched, or the one that --use names.%n",
            "  vitrine fetch --list",
            "  vitrine fetch squeezenet1.1-7",
            "  vitrine fetch squeezenet1.1-7 --from Downloads/squeezenet1.1-7.onnx",
            "  vitrine fetch --use resnet18-v1-7%n"
        })
public final class FetchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Networks to download; see --list.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "List the networks and mark those already downloaded.")
    private boolean list;

    @Option(
            names = "--use",
            paramLabel = "NAME",
            description = "Use this network if no --model is given, and download it if necessary; "
                    + EmbeddedModels.USUAL + " for the bundled one.")
    private Optional<String> use;

    @Mixin
    private FetchSource source;

    @Option(
            names = "--cache",
            paramLabel = "FOLDER",
            description = "Cache folder. Default: $" + ZooCache.VARIABLE + ", else the system's cache folder.")
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
            FetchTable.of(cache).lines(terminal.columns()).forEach(terminal.out()::println);
            terminal.out().println("In " + cache.folder());
            return 0;
        }
        for (ZooNetwork network : wanted) {
            stop.check();
            terminal.out().println(source.fetched(cache, network, terminal, stop));
        }
        use.ifPresent(name ->
                cache.prefer(embedded(name).orElseGet(() -> Zoo.find(name).name())));
        terminal.out().println("If no --model is given, " + NamedModel.usualName(cache) + " is used.");
        return 0;
    }

    private List<ZooNetwork> wanted() {
        List<ZooNetwork> wanted = new ArrayList<>(names.stream().map(Zoo::find).toList());
        use.filter(name -> embedded(name).isEmpty()).map(Zoo::find).ifPresent(wanted::add);
        if (list && (!wanted.isEmpty() || use.isPresent() || source.file().isPresent())) {
            throw VitrineException.usage("Found --list beside a network to fetch; expected one or the other.");
        }
        if (source.file().isPresent() && wanted.isEmpty()) {
            wanted.add(Zoo.ofSize(source.file().get()));
        }
        if (source.file().isPresent() && wanted.stream().distinct().count() > 1) {
            throw VitrineException.usage("--from " + source.file().get() + ": found several networks; expected one.");
        }
        if (wanted.isEmpty() && !list && use.isEmpty()) {
            throw VitrineException.usage("Found no network to fetch; expected a name, such as "
                    + Zoo.NETWORKS.get(0).name() + ". List them with: vitrine fetch --list");
        }
        return wanted.stream().distinct().toList();
    }

    private static Optional<String> embedded(String name) {
        return EmbeddedModels.NAMES.stream().filter(name.strip()::equals).findFirst();
    }
}
