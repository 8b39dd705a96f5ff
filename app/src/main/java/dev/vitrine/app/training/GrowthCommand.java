package dev.vitrine.app.training;

import dev.vitrine.app.folder.Asked;
import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.CardOptions;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.growth.Growth;
import dev.vitrine.study.growth.GrowthReport;
import dev.vitrine.study.growth.Snapshot;
import dev.vitrine.study.growth.SnapshotStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vitrine growth}: checkpoints of a training in, how the network grew out. */
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows how a network grew, from checkpoints of its training.",
        description = {
            "%nFor chosen channels the picture that each answers to most and its projection by the deconvnet, at each"
                    + " checkpoint; the filters of the first layer; how far each layer is from what it will be; dead"
                    + " channels. Writes a page (growth.html), pictures, and the numbers for programs (growth.json).%n",
            "  vitrine growth training/checkpoints --data pictures.zip",
            "  vitrine growth epoch-1.onnx epoch-5.onnx epoch-30.onnx --data pictures/ --unit conv3:17,conv3:40%n"
        })
public final class GrowthCommand implements Callable<Integer> {
    private static final int SIDE = 76;
    private static final int LAYERS = 4;

    @Parameters(
            paramLabel = "CHECKPOINT",
            arity = "1..*",
            description = "ONNX files in the order of the training, or a folder of them, which is sorted by name.")
    private List<Path> checkpoints;

    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP",
            required = true,
            description = "Pictures that the network is asked about.")
    private Path data;

    @Option(
            names = "--layer",
            paramLabel = "L",
            split = ",",
            description = "Layers whose channels are drawn. Default: " + LAYERS
                    + " with height and width, from the first" + " to the last.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--unit",
            paramLabel = "L:C",
            split = ",",
            description = "Channels that are drawn, such as conv3:17. Default: some of each layer, drawn by seed.")
    private List<String> units = new ArrayList<>();

    @Option(
            names = "--per-layer",
            paramLabel = "N",
            defaultValue = "6",
            description = "Channels of a layer that are drawn, without --unit. Default: ${DEFAULT-VALUE}.")
    private int perLayer;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many pictures to take, evenly from all. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(
            names = "--compared",
            paramLabel = "N",
            defaultValue = "300",
            description = "How many of those the comparison of layers takes, evenly. Default: ${DEFAULT-VALUE}.")
    private int compared;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the channels that are drawn. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "growth",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private CardOptions cards;

    @Spec
    private CommandSpec command;

    private final Terminal terminal;
    private final Stop stop;

    public GrowthCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Bound.atLeastOne("--pictures", most);
        Bound.atLeast(3, "--compared", compared);
        Bound.atLeast(0, "--per-layer", perLayer);
        List<Path> files = checkpoints.stream().flatMap(GrowthCommand::files).toList();
        if (files.size() < 2) {
            throw VitrineException.usage("Found " + files.size() + " checkpoint in " + checkpoints
                    + "; expected at least two ONNX files of one training.");
        }
        try (PictureSource all = OpenSource.of(data, terminal);
                PictureSource source = all.evenly(most);
                Claim claim = OutputFolder.take(out, terminal)) {
            if (source.size() < all.size()) {
                terminal.err()
                        .println("note: " + source.size() + " of " + all.size()
                                + " pictures are taken; --pictures takes more.");
            }
            return new Work(files, source).run();
        }
    }

    private static Stream<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return Stream.of(path);
        }
        try (Stream<Path> inside = Files.list(path)) {
            List<Path> found = inside.filter(
                            file -> file.getFileName().toString().endsWith(".onnx"))
                    .sorted((one, other) -> order(one).compareTo(order(other)))
                    .toList();
            if (found.isEmpty()) {
                throw VitrineException.failure(path + ": holds no ONNX files; expected checkpoints of a training.");
            }
            return found.stream();
        } catch (IOException failure) {
            throw VitrineException.failure(path + ": cannot be read (" + failure.getMessage() + ")", failure);
        }
    }

    /** With numbers filled up, so that epoch-9 comes before epoch-10. */
    private static String order(Path file) {
        return Pattern.compile("\\d+")
                .matcher(file.getFileName().toString())
                .replaceAll(match -> "0".repeat(Math.max(0, 12 - match.group().length())) + match.group());
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceAll("\\.onnx$", "");
    }

    private final class Work {
        private final List<Path> files;
        private final PictureSource source;
        private final List<Snapshot> earlier = new ArrayList<>();
        private final ProgressLine progress;
        private final List<String> unreadable = new ArrayList<>();

        Work(List<Path> files, PictureSource source) {
            this.files = files;
            this.source = source;
            this.progress = new ProgressLine(terminal, files.size());
        }

        int run() {
            Path lastFile = files.get(files.size() - 1);
            Optional<Growth> growth = Optional.empty();
            Map<String, String> facts = new LinkedHashMap<>();
            String model = "";
            Optional<SnapshotStore> store = Optional.empty();
            try {
                try (OpenModel open = cards.open(lastFile, terminal, stop)) {
                    // A checkpoint's card names its epoch.
                    model = open.model().name().replaceAll("[, ]+epoch \\d+$", "");
                    facts = facts(open.model());
                    store = Optional.of(store(open.model()));
                    growth = Optional.of(
                            new Growth(name(lastFile), open.session(), source, plan(open.model()), begin(lastFile)));
                }
                for (Path file : files.subList(0, files.size() - 1)) {
                    stop.check();
                    earlier.add(looked(file, growth.get(), store.get()));
                }
            } catch (CancellationException | VitrineException problem) {
                progress.end();
                if (stop.status() == 0) {
                    throw problem;
                }
                stop.noticed();
                if (growth.isPresent() && !earlier.isEmpty()) {
                    report(
                                    growth.get(),
                                    model,
                                    facts,
                                    Optional.of("The work was stopped after " + (earlier.size() + 1) + " of "
                                            + files.size() + " checkpoints."))
                            .write(out);
                    terminal.err()
                            .println("Stopped. What was done is in " + out
                                    + ", marked as partial. The same command goes on from there.");
                } else {
                    terminal.err().println("Stopped before two checkpoints were done.");
                }
                throw new CancellationException("stopped");
            } finally {
                progress.end();
            }
            GrowthReport report = report(growth.orElseThrow(), model, facts, Optional.empty());
            report.write(out).forEach(path -> terminal.out().println(path));
            store.get().remove();
            tell(report);
            return unreadable.isEmpty() ? 0 : 1;
        }

        /** Checkpoints that are done, by which the same command goes on. */
        private SnapshotStore store(Model model) {
            Question question =
                    Asked.with(Asked.of(command, SnapshotStore.FORMAT), model).with(source);
            for (Path file : files) {
                question = question.with("checkpoint " + name(file), Digest.of(file));
            }
            return new SnapshotStore(PartStore.open(out.resolve("unfinished"), question));
        }

        /** An earlier checkpoint, as a run that was ended has left it or as it is looked at now. */
        private Snapshot looked(Path file, Growth growth, SnapshotStore store) {
            Optional<SnapshotStore.Looked> known = store.read(name(file));
            if (known.isPresent()) {
                growth.recall(known.get());
                return known.get().snapshot();
            }
            try (OpenModel open = cards.open(file, terminal, stop)) {
                Snapshot snapshot = growth.look(name(file), open.session(), begin(file));
                store.keep(new SnapshotStore.Looked(snapshot, growth.unreadable()));
                return snapshot;
            }
        }

        private Progress begin(Path file) {
            progress.begin(name(file), 1);
            return (done, total) -> {
                stop.check();
                progress.report(done, total);
            };
        }

        private GrowthReport report(Growth growth, String model, Map<String, String> facts, Optional<String> missing) {
            List<Snapshot> all = new ArrayList<>(earlier);
            all.add(growth.last());
            unreadable.clear();
            unreadable.addAll(growth.unreadable());
            unreadable.forEach(message -> terminal.err().println("vitrine: " + message));
            return new GrowthReport(
                    model, data.toAbsolutePath().normalize().getFileName().toString(), all, unreadable, missing, facts);
        }

        private Growth.Plan plan(Model model) {
            ShortNames.ofUnits(units, model, terminal);
            ShortNames.ofLayers(layers, model, terminal);
            List<Growth.Unit> chosen = new ArrayList<>();
            for (String unit : units) {
                UnitName found = UnitName.parse(unit, model);
                found.layer().requireSpatial("whose channels are drawn");
                if (found.channel().isEmpty()) {
                    throw VitrineException.usage("--unit " + unit + ": expected a channel, such as " + unit + ":0.");
                }
                chosen.add(unit(model, found.layer(), found.channel().getAsInt()));
            }
            if (units.isEmpty()) {
                layers(model)
                        .forEach(layer -> drawn(layer).forEach(channel -> chosen.add(unit(model, layer, channel))));
            }
            return new Growth.Plan(chosen, compared, SIDE);
        }

        private Growth.Unit unit(Model model, ChannelLayer layer, int channel) {
            List<ChannelLayer> drawable = Growth.drawable(model);
            if (drawable.stream().noneMatch(one -> one.name().equals(layer.name()))) {
                throw VitrineException.usage("Layer '" + layer.name() + "' is not the end of a stage; expected one of "
                        + String.join(
                                ", ", drawable.stream().map(ChannelLayer::name).toList()) + ".");
            }
            return new Growth.Unit(layer.name(), channel);
        }

        private List<ChannelLayer> layers(Model model) {
            if (!layers.isEmpty()) {
                return layers.stream()
                        .map(name -> ChannelLayer.find(model, name))
                        .toList();
            }
            List<ChannelLayer> drawable = Growth.drawable(model);
            int count = Math.min(LAYERS, drawable.size());
            return IntStream.range(0, count)
                    .mapToObj(index -> drawable.get(count == 1 ? 0 : index * (drawable.size() - 1) / (count - 1)))
                    .toList();
        }

        private List<Integer> drawn(ChannelLayer layer) {
            List<Integer> channels =
                    new ArrayList<>(IntStream.range(0, layer.channels()).boxed().toList());
            Collections.shuffle(channels, new Random(seed));
            return channels.stream().limit(perLayer).sorted().toList();
        }

        private Map<String, String> facts(Model model) {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put(
                    "checkpoints",
                    String.join(", ", files.stream().map(GrowthCommand::name).toList()));
            facts.put(
                    "pictures",
                    data.getFileName() + ", " + source.size() + " of it; layers compared on "
                            + Math.min(compared, source.size()));
            facts.put("channels drawn", units.isEmpty() ? perLayer + " of each layer, seed " + seed : "those named");
            ModelFacts.of(model, Map.of())
                    .forEach((name, value) ->
                            facts.put(name + (name.startsWith("SHA") ? ", last checkpoint" : ""), value));
            return facts;
        }

        private void tell(GrowthReport report) {
            Table table = new Table(Stream.concat(
                            Stream.of("layer"), report.snapshots().stream().map(Snapshot::number))
                    .toArray(String[]::new));
            List<Snapshot.LayerState> states = report.snapshots().get(0).layers();
            for (int index = 0; index < states.size(); index++) {
                int layer = index;
                table.row(Stream.concat(
                                Stream.of(states.get(index).layer()),
                                report.snapshots().stream()
                                        .map(snapshot -> String.format(
                                                Locale.ROOT,
                                                "%.3f",
                                                snapshot.layers().get(layer).likeness())))
                        .toArray(String[]::new));
            }
            table.lines(terminal.columns()).forEach(line -> terminal.out().println("  " + line));
            terminal.out()
                    .println(
                            "  Likeness of each checkpoint, by its number, with the last: linear CKA, 1 where it is the"
                                    + " same.");
        }
    }
}
