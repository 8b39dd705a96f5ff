package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.lens.visualization.Tidying;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Optimizer;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.AlphaNorm;
import dev.vitrine.lens.visualization.penalty.Penalty;
import dev.vitrine.lens.visualization.penalty.TotalVariation;
import dev.vitrine.study.Stems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine visualize}: pictures that a class or a unit looks for. */
@Command(
        name = "visualize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes pictures that a class, channel, neuron or direction of a network answers to most.",
        description = {
            "%nWrites each picture (PNG), all on a sheet (sheet.png) and a page (index.html), and a summary for programs"
                    + " (summary.json).%n",
            "  vitrine visualize --target 'golden retriever' --images 4",
            "  vitrine visualize --model net.onnx --unit conv4:17 --unit conv4:18 --size 128",
            "  vitrine visualize --model net.onnx --target tabby --form classic --gif%n"
        })
public final class VisualizeCommand implements Callable<Integer> {
    enum Form {
        MODERN,
        CLASSIC
    }

    private static final class Forms extends Choices.Words<Form> {
        Forms() {
            super(Form.class);
        }
    }

    private static final double L2_ALPHA = 2;

    @Mixin
    private SynthesisOptions synthesis;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of the optimizer. Default: the form's own.")
    private Optional<Integer> steps;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class by number, name or a part of the name; several with commas or by repeating.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--unit",
            paramLabel = "LAYER:CHANNEL[,ROW,COLUMN]",
            description = "Channel of a layer (its mean over all places) or one neuron of it; may be repeated.")
    private List<String> units = new ArrayList<>();

    @Option(
            names = "--direction",
            paramLabel = "LAYER:FILE",
            description = "Direction in the channels of a layer, from a NumPy file; may be repeated.")
    private List<String> directions = new ArrayList<>();

    @Option(names = "--together", description = "One picture for the sum of all that is named.")
    private boolean together;

    @Option(
            names = "--form",
            paramLabel = "modern|classic",
            converter = Forms.class,
            defaultValue = "modern",
            description = "modern: spectrum of a picture under random looks; classic: pixels with decay and blur."
                    + " Default: ${DEFAULT-VALUE}.")
    private Form form;

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "1",
            description = "Pictures for each, unlike each other. Default: ${DEFAULT-VALUE}.")
    private int images;

    @Option(
            names = "--diversity",
            paramLabel = "W",
            description = "How much it counts that several pictures are unlike each other. Default: the method's own.")
    private Optional<Double> diversity;

    @Option(
            names = "--start",
            paramLabel = "noise|grey|IMAGE",
            defaultValue = "noise",
            description = "What the first step finds. Default: ${DEFAULT-VALUE}.")
    private String start;

    @Option(names = "--tv", paramLabel = "W", description = "Weight of total variation. Default: 0.")
    private Optional<Double> variation;

    @Option(names = "--l2", paramLabel = "W", description = "Weight of the squared distance from grey. Default: 0.")
    private Optional<Double> square;

    @Option(names = "--jitter", paramLabel = "PIXELS", description = "Random shift at each step. Default: modern 8.")
    private Optional<Integer> jitter;

    @Option(names = "--zoom", paramLabel = "SHARE", description = "Random change of scale. Default: modern 0.1.")
    private Optional<Double> zoom;

    @Option(names = "--rotate", paramLabel = "DEGREES", description = "Random turn. Default: modern 10.")
    private Optional<Double> rotate;

    @Option(names = "--decay", paramLabel = "SHARE", description = "Classic: decay towards grey a step.")
    private Optional<Double> decay;

    @Option(names = "--blur", paramLabel = "SIGMA", description = "Classic: blur in pixels; 0 for none.")
    private Optional<Double> blur;

    @Option(names = "--blur-every", paramLabel = "STEPS", description = "Classic: steps from one blur to the next.")
    private Optional<Integer> blurEvery;

    @Option(
            names = "--clip-norm",
            paramLabel = "PERCENT",
            description = "Classic: pixels that become grey for their small distance from it.")
    private Optional<Double> clipNorm;

    @Option(
            names = "--clip-contribution",
            paramLabel = "PERCENT",
            description = "Classic: pixels that become grey for their small share in the score.")
    private Optional<Double> clipContribution;

    @Option(names = "--gif", description = "Write how each picture grew as an animated GIF.")
    private boolean gif;

    @Option(names = "--progress", description = "Write some pictures of the way there.")
    private boolean progressPictures;

    @Mixin
    private OptimizerOptions optimizers;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public VisualizeCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    /** One thing to be looked for. */
    private record Wanted(String stem, String title, Objective objective) {
        String target() {
            return objective instanceof ClassScore ? title + " (logit)" : title;
        }
    }

    @Override
    public Integer call() {
        try (OpenModel open = models.openAtOwnSize(terminal, stop);
                Claim claim = synthesis.take("visualization", terminal)) {
            Model model = open.model();
            ShortNames.ofUnits(units, model, terminal);
            List<Wanted> wanted = wanted(model);
            int[] sides = models.sides(model);
            ActivationMaximization method = method().withSize(sides[0], sides[1]);
            SynthesisFolder folder = new SynthesisFolder(
                    synthesis.out("visualization"),
                    open.session(),
                    terminal,
                    "What " + model.name() + " looks for",
                    "Which pictures make these classes or units answer most?");
            ProgressLine progress = new ProgressLine(terminal, wanted.size());
            try {
                for (Wanted one : wanted) {
                    stop.check();
                    progress.begin(one.title(), 1);
                    make(open, method, one, folder, progress);
                }
            } catch (CancellationException stopped) {
                progress.end();
                folder.finish("stopped before the end");
                throw stopped;
            } finally {
                progress.end();
            }
            folder.finish("");
            return 0;
        }
    }

    private List<Wanted> wanted(Model model) {
        List<Wanted> wanted = new ArrayList<>();
        for (String words : targets) {
            for (int target : TargetWords.classes(words, model)) {
                String name = model.labels().display(target);
                wanted.add(new Wanted(
                        Stems.slug(name), name, new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(target))));
            }
        }
        for (String unit : units) {
            UnitScore score = ObjectiveOptions.unit(model, unit);
            wanted.add(new Wanted(Stems.slug(unit), score.description(), score));
        }
        for (String direction : directions) {
            wanted.add(direction(model, direction));
        }
        if (wanted.isEmpty()) {
            throw VitrineException.usage("Nothing to look for; expected --target CLASS, --unit LAYER:CHANNEL or"
                    + " --direction LAYER:FILE. See the layers with: vitrine layers MODEL");
        }
        if (!together) {
            return wanted;
        }
        WeightedSum sum = WeightedSum.of(wanted.stream().map(Wanted::objective).toList());
        String title = String.join(" + ", wanted.stream().map(Wanted::title).toList());
        return List.of(new Wanted(Stems.slug("sum " + title), title, sum));
    }

    private static Wanted direction(Model model, String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw VitrineException.usage("--direction '" + text + "': expected LAYER:FILE, such as conv4:way.npy.");
        }
        String layer = text.substring(0, colon);
        Path file = Path.of(text.substring(colon + 1));
        List<Float> entries = new ArrayList<>();
        for (float entry : Npy.read(file).toFloats()) {
            entries.add(entry);
        }
        return new Wanted(
                Stems.slug(layer + " " + file.getFileName()),
                "direction " + file.getFileName() + " of " + layer,
                new UnitScore(model.anatomy().find(layer), new UnitScore.Direction(entries)));
    }

    private ActivationMaximization method() {
        steps.ifPresent(given -> Bound.atLeastOne("--steps", given));
        ActivationMaximization usual =
                form == Form.MODERN ? ActivationMaximization.MODERN : ActivationMaximization.CLASSIC;
        List<Penalty> penalties = new ArrayList<>();
        try {
            variation.ifPresent(weight -> penalties.add(new TotalVariation(weight, 1)));
            square.ifPresent(weight -> penalties.add(new AlphaNorm(weight, L2_ALPHA)));
            Optimizer optimizer = optimizers.optimizer(usual.optimizer());
            Views views = usual.views();
            Views looks = new Views(
                    jitter.orElse(views.jitter()),
                    zoom.map(share -> 1 - share).orElse(views.smallest()),
                    zoom.map(share -> 1 + share).orElse(views.largest()),
                    rotate.orElse(views.degrees()));
            boolean asked = jitter.isPresent() || zoom.isPresent() || rotate.isPresent();
            return new ActivationMaximization(
                    0,
                    0,
                    images,
                    diversity.orElse(usual.diversity()),
                    steps.orElse(usual.steps()),
                    optimizer,
                    usual.parametrization(),
                    optimizer instanceof LimitedMemory && !asked ? Views.NONE : looks,
                    penalties,
                    tidying(usual.tidying()),
                    start());
        } catch (IllegalArgumentException wrong) {
            throw VitrineException.usage("Cannot look for pictures so: " + wrong.getMessage() + ".");
        }
    }

    private Tidying tidying(Tidying usual) {
        double sigma = blur.orElse(usual.blur());
        return new Tidying(
                decay.orElse(usual.decay()),
                sigma,
                sigma > 0 ? blurEvery.orElse(Math.max(1, usual.blurEvery())) : 0,
                clipNorm.orElse(usual.normPercentile()),
                clipContribution.orElse(usual.contributionPercentile()));
    }

    private Start start() {
        return switch (start.strip().toLowerCase(Locale.ROOT)) {
            case "noise" -> Start.NOISE;
            case "grey", "gray", "zero" -> Start.GREY;
            default -> new Start.Image(PictureReader.read(Path.of(start)));
        };
    }

    private void make(
            OpenModel open,
            ActivationMaximization method,
            Wanted wanted,
            SynthesisFolder folder,
            ProgressLine progress) {
        boolean watched = gif || progressPictures;
        Frames frames = new Frames(method.steps());
        Synthesis made;
        try (ActivationMaximization.Maximizer maximizer = method.on(open.session(), wanted.objective())) {
            made = maximizer.run(synthesis.seed(), watched ? frames : Search.Watch.NONE, progress);
        }
        progress.end();
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("form", Choices.word(form));
        options.put("start", start);
        options.put("seed", Long.toString(synthesis.seed()));
        Provenance provenance =
                new Provenance(open.model().name(), start, wanted.target(), "activation-maximization", options);
        for (int image = 0; image < method.images(); image++) {
            String stem = method.images() == 1 ? wanted.stem() : wanted.stem() + "-" + (image + 1);
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("score", String.format(Locale.ROOT, "%.5g", made.scores().get(image)));
            facts.put("network says", folder.said(made.picture(image)));
            if (progressPictures) {
                frames.of(image).forEach((step, picture) -> folder.progress(stem, step, picture, provenance));
            }
            String title = method.images() == 1 ? wanted.title() : wanted.title() + ", image " + (image + 1);
            folder.add(
                    new SynthesisFolder.Made(
                            stem,
                            title,
                            made.picture(image),
                            provenance,
                            facts,
                            made.course().scores()),
                    gif ? Optional.of(frames.animation(image)) : Optional.empty());
        }
    }
}
