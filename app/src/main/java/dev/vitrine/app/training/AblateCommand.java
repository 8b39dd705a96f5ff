package dev.vitrine.app.training;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
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
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.RecipeReader;
import dev.vitrine.study.ablation.AblationReport;
import dev.vitrine.study.ablation.ChannelAblation;
import dev.vitrine.study.ablation.ChannelAblation.Importance;
import dev.vitrine.study.ablation.Fill;
import dev.vitrine.study.ablation.LayerAblation;
import dev.vitrine.study.ablation.Outcome;
import dev.vitrine.study.ablation.Retraining;
import dev.vitrine.study.picture.KnownPictures;
import dev.vitrine.study.picture.LabelledPictures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine ablate}: what a network loses without its layers, or without channels of them. */
@Command(
        name = "ablate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Takes layers, or channels, out of a network and measures its error: is there any point in them?",
        description = {
            "%nTakes out one layer at a time, bypassed where shapes allow, else held at its mean. With"
                    + " --group: takes out more and more channels of a layer, the most or the least important first. The"
                    + " folder that a picture lies in names its class. With --change: removes or resizes layers of the"
                    + " network that a recipe describes, and trains each changed network from random weights, beside the"
                    + " unchanged one. Ctrl-C keeps what is done; the same command goes on. Writes a page (ablation.html),"
                    + " a plot (ablation.png), and the numbers for programs (ablation.json).%n",
            "  vitrine ablate --data pictures.zip",
            "  vitrine ablate --model net.onnx --data pictures/ --layer conv4,conv5 --group 16",
            "  vitrine ablate --recipe recipe.yaml --change 'remove conv3' --change 'conv2: 48, full4: 512'%n"
        })
public final class AblateCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP",
            description = "Pictures as CLASS/NAME.jpg, in a folder or a zip archive; CLASS is a class's name, id or"
                    + " number. With --change: in place of the recipe's.")
    private Optional<Path> data;

    @Option(
            names = "--layer",
            paramLabel = "L",
            split = ",",
            description =
                    "Layers by the names that 'vitrine layers' lists. Default: all with weights before the head, and"
                            + " all blocks.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--group",
            paramLabel = "N|auto",
            description =
                    "Take out channels of layers in place of layers, so many more at each step; auto for an eighth"
                            + " of the layer.")
    private Optional<String> group;

    @Option(
            names = "--importance",
            paramLabel = "taylor|exact",
            defaultValue = "taylor",
            description =
                    "What makes a channel important: the rise of the loss without it, by its derivative (quick) or"
                            + " measured channel by channel. Default: ${DEFAULT-VALUE}.")
    private Importance importance;

    @Option(
            names = "--fill",
            paramLabel = "mean|zero",
            defaultValue = "mean",
            description = "What channels hold that are taken out. Default: ${DEFAULT-VALUE}.")
    private Fill fill;

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description =
                    "Let what is left learn on by a recipe, as 'vitrine train' takes it; the whole network too, for"
                            + " comparison. Layers that can only be held are left out.")
    private Optional<Path> recipe;

    @Option(
            names = "--change",
            paramLabel = "CHANGES",
            description =
                    "Train the recipe's network from random weights with layers removed ('remove conv3') or resized"
                            + " ('conv2: 48', 'full4: 512'), several with commas between them. May be repeated, for a row"
                            + " each. A layer goes with the normalisation, rectifier and dropout behind it.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "How often each network of --change is trained, with seeds that follow one another; what is"
                    + " told is mean and standard deviation. Default: 1.")
    private Optional<Integer> repeats;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs of --recipe. Default: the recipe's own.")
    private Optional<Integer> epochs;

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Most pictures of a class that are asked about, drawn by seed. Default: all.")
    private Optional<Integer> perClass;

    @Option(names = "--without", paramLabel = "CLASS", split = ",", description = "Folders that are left out.")
    private List<String> without = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of --per-class, by default 0; with --recipe in place of the recipe's.")
    private Optional<Long> seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "ablation",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public AblateCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        group.ifPresent(AblateCommand::size);
        epochs.ifPresent(count -> Bound.atLeastOne("--epochs", count));
        repeats.ifPresent(count -> Bound.atLeastOne("--repeats", count));
        if (repeats.isPresent() && changes.isEmpty()) {
            throw VitrineException.usage("--repeats: found no --change; expected changed networks to train. Leave"
                    + " --repeats out, or say what is changed.");
        }
        if (group.isPresent() && recipe.isPresent()) {
            throw VitrineException.usage(
                    "--recipe: found beside --group; expected one of both. Layers learn on, channels" + " do not.");
        }
        perClass.ifPresent(most -> Bound.atLeastOne("--per-class", most));
        Optional<Recipe> learning = recipe.map(RecipeReader::read).map(this::timed);
        if (!changes.isEmpty()) {
            Recipe changed = learning.orElseThrow(() -> VitrineException.usage("--change: found no --recipe; expected"
                    + " the recipe that describes the network and how it is trained."));
            requireAlone();
            Recipe fed = data.map(List::of).map(changed::withPaths).orElse(changed);
            return new VariantStudy(fed, changes, repeats.orElse(1), models, out, terminal, stop).run();
        }
        Path pictures = data.orElseThrow(() -> VitrineException.usage(
                "Found no --data; expected pictures as CLASS/NAME.jpg, in a folder or a zip archive."));
        try (PictureSource source = OpenSource.of(pictures, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            LabelledPictures all = LabelledPictures.of(pictures, source, without);
            KnownPictures known = KnownPictures.of(
                    perClass.map(most -> all.atMost(most, seed.orElse(0L))).orElse(all), open.model());
            known.folders().notes(open.model()).forEach(note -> terminal.err().println("note: " + note));
            return new Work(open, known, learning).run();
        }
    }

    private Recipe timed(Recipe read) {
        return read.with(
                epochs.orElse(read.plan().epochs()), seed.orElse(read.plan().seed()));
    }

    /** Options that say nothing of networks trained anew would be passed over in silence. */
    private void requireAlone() {
        Map<String, Boolean> others = new LinkedHashMap<>();
        others.put("--layer", !layers.isEmpty());
        others.put("--per-class", perClass.isPresent());
        others.put("--without", !without.isEmpty());
        others.forEach((option, given) -> {
            if (given) {
                throw VitrineException.usage("--change: found beside " + option + "; expected the recipe to say what is"
                        + " learned from, and --change which layers go. Leave " + option + " out.");
            }
        });
    }

    private static Optional<Integer> size(String given) {
        if (given.equals("auto")) {
            return Optional.empty();
        }
        try {
            int size = Integer.parseInt(given);
            Bound.atLeastOne("--group", size);
            return Optional.of(size);
        } catch (NumberFormatException word) {
            throw VitrineException.usage(
                    "--group " + given + ": expected a number of channels, or auto for an eighth of each layer.");
        }
    }

    private final class Work {
        private final OpenModel open;
        private final Model model;
        private final KnownPictures known;
        private final Optional<Recipe> learning;
        private Optional<Retraining.Results> retrained = Optional.empty();
        private final List<LayerAblation.Result> layerResults = new ArrayList<>();
        private final List<ChannelAblation.Result> channelResults = new ArrayList<>();

        Work(OpenModel open, KnownPictures known, Optional<Recipe> learning) {
            this.learning = learning;
            this.open = open;
            this.model = open.model();
            this.known = known;
        }

        int run() {
            ShortNames.ofLayers(layers, model, terminal);
            List<String> unreadable = group.isPresent() ? channels() : layers();
            unreadable.forEach(message -> terminal.err().println("vitrine: " + message));
            AblationReport report = report(unreadable, Optional.empty());
            report.write(out).forEach(path -> terminal.out().println(path));
            tell(report);
            return unreadable.isEmpty() ? 0 : 1;
        }

        private List<String> layers() {
            LayerAblation study = new LayerAblation(open.session(), known, fill, layers);
            String what = study.removals().size() + (study.removals().size() == 1 ? " layer" : " layers");
            watched(what, progress -> study.run(progress, layerResults::add), study::unreadable);
            learning.ifPresent(found -> learnOn(found, study));
            return study.unreadable();
        }

        private void learnOn(Recipe found, LayerAblation study) {
            Recipe fed = found.data().paths().isEmpty()
                    ? found.withPaths(List.of(known.pictures().path()))
                    : found;
            Retraining training = new Retraining(model, fed, open.runner(), out.resolve("learned-on"), stop::check);
            watched(
                    "learning on",
                    progress -> retrained = Optional.of(training.run(study.removals(), progress)),
                    study::unreadable);
        }

        private List<String> channels() {
            ChannelAblation study = new ChannelAblation(
                    open.session(), known, fill, importance, group.flatMap(AblateCommand::size), layers);
            String what =
                    "channels of " + study.layers().size() + (study.layers().size() == 1 ? " layer" : " layers");
            watched(what, progress -> study.run(progress, channelResults::add), study::unreadable);
            return study.unreadable();
        }

        private void watched(String what, Consumer<Progress> work, Supplier<List<String>> unreadable) {
            ProgressLine progress = new ProgressLine(terminal, 1);
            try {
                progress.begin(what + " on " + known.pictures().size() + " pictures", 1);
                work.accept((done, total) -> {
                    stop.check();
                    progress.report(done, total);
                });
            } catch (CancellationException | VitrineException problem) {
                progress.end();
                if (stop.status() == 0) {
                    throw problem;
                }
                stop.noticed();
                boolean nothing = layerResults.isEmpty() && channelResults.isEmpty();
                if (!nothing) {
                    report(
                                    unreadable.get(),
                                    Optional.of("The work was stopped; what follows holds for the pictures asked"
                                            + " about until then."))
                            .write(out);
                }
                terminal.err()
                        .println(
                                nothing
                                        ? "Stopped before anything was measured."
                                        : "Stopped. What was done is in " + out + ", marked as partial.");
                throw new CancellationException("stopped");
            } finally {
                progress.end();
            }
        }

        private AblationReport report(List<String> unreadable, Optional<String> missing) {
            return new AblationReport(
                    model.name(),
                    known.pictures().name(),
                    fill,
                    layerResults,
                    channelResults,
                    retrained,
                    unreadable,
                    missing,
                    facts());
        }

        private Map<String, String> facts() {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put(
                    "pictures",
                    known.pictures().name() + ", " + known.pictures().size() + " of "
                            + known.pictures().classes().size() + " classes");
            List<String> notes = known.folders().notes(model);
            if (!notes.isEmpty()) {
                facts.put("folders and classes", String.join(" ", notes));
            }
            facts.put("channels taken out hold", fill == Fill.MEAN ? "their mean over the pictures" : "zero");
            if (!channelResults.isEmpty()) {
                facts.put(
                        "importance",
                        switch (importance) {
                            case TAYLOR ->
                                "the rise of the loss without the channel, to first order (Molchanov et al. 2017)";
                            case EXACT -> "the rise of the mean loss without the channel, measured";
                        });
            }
            facts.putAll(ModelFacts.of(model, Map.of()));
            return facts;
        }

        private void tell(AblationReport report) {
            Outcome whole = report.whole();
            terminal.out()
                    .println("  The whole network: top-1 error " + percent(whole.topOneError()) + ", top-5 error "
                            + percent(whole.topFiveError()) + ", loss " + number(whole.loss()) + ", "
                            + whole.pictures() + " pictures.");
            Table table = report.layers().isEmpty()
                    ? new Table("layer", "channels", "can go within 1 point", "without any")
                    : new Table(
                            "taken out", "how", "weights", "top-1 error", "rise", "top-5 error", "loss", "learned on");
            for (LayerAblation.Result result : report.layers()) {
                Outcome outcome = result.outcome();
                table.row(
                        result.removal().layer(),
                        result.removal().words(),
                        Long.toString(result.removal().parameters()),
                        percent(outcome.topOneError()),
                        String.format(Locale.ROOT, "%+.1f ± %.1f", 100 * outcome.rise(), 100 * outcome.margin()),
                        percent(outcome.topFiveError()),
                        number(outcome.loss()),
                        retrained
                                .filter(found -> found.without().containsKey(result.removal()))
                                .map(found -> percent(
                                        found.without().get(result.removal()).error()))
                                .orElse(""));
            }
            for (ChannelAblation.Result result : report.channels()) {
                List<ChannelAblation.Step> steps = result.curves().get(ChannelAblation.Order.WEAKEST_FIRST);
                table.row(
                        result.layer(),
                        Integer.toString(result.importance().size()),
                        Integer.toString(result.dispensable(0.01)),
                        percent(steps.get(steps.size() - 1).outcome().topOneError()));
            }
            table.lines(terminal.columns()).forEach(line -> terminal.out().println("  " + line));
            retrained.ifPresent(found -> terminal.out()
                    .println(
                            "  Learned on by " + found.recipe() + ": error on the pictures held out; the whole network "
                                    + percent(found.whole().error()) + "."));
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
