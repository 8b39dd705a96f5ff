package dev.vitrine.app.objective;

import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassContrast;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The score to explain: of a class, or of a unit inside the network. */
public final class ObjectiveOptions {
    private static final Pattern UNIT = Pattern.compile("(.+):(\\d{1,9})(?:,(\\d{1,9}),(\\d{1,9}))?");

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class to explain: index, name, or a part of the name ('egyptian');"
                    + " comma-separated or repeated for several. In explain also top:K, the top K classes of each"
                    + " picture;"
                    + " default: top:1.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--unit",
            paramLabel = "LAYER:CHANNEL[,ROW,COLUMN]",
            description =
                    "Explain a channel of a layer (its spatial mean), or a single neuron, instead of a" + " class.")
    private Optional<String> unit;

    @Option(
            names = "--score",
            paramLabel = "SCALE",
            defaultValue = "logit",
            description = "Score to explain: logit, probability, log-probability or loss. Default: ${DEFAULT-VALUE}.")
    private ClassScore.Scale scale;

    @Option(
            names = "--against",
            paramLabel = "CLASS",
            description = "Contrastive explanation: explain the score of the class minus the score of this class.")
    private Optional<String> against;

    @Mixin
    private TowardOptions toward;

    public List<String> targets() {
        return targets;
    }

    /** The classes to explain for each picture. */
    public Targets targets(Objective objective, Model model) {
        return objective.takesTarget() ? TargetWords.parse(targets, model) : new Targets(0, List.of(0));
    }

    public boolean isUnit() {
        return unit.isPresent();
    }

    /** The unit, the nearness to another picture, or the score of whichever class a run names. */
    public Objective objective(OpenModel open) {
        Model model = open.model();
        if (against.isPresent() && (toward.isGiven() || unit.isPresent())) {
            throw VitrineException.usage("Found --against beside --toward or --unit; it compares two classes.");
        }
        if (toward.isGiven()) {
            if (unit.isPresent() || !targets.isEmpty()) {
                throw VitrineException.usage("Found --toward beside --unit or --target; expected one of them.");
            }
            return toward.objective(open);
        }
        if (unit.isEmpty()) {
            ClassScore score = ClassScore.of(scale);
            score.requireIn(model);
            return compared(score, model);
        }
        if (!targets.isEmpty()) {
            throw VitrineException.usage("Found --unit beside --target; expected one or the other.");
        }
        UnitScore score = unit(model, unit.get());
        score.requireIn(model);
        return score;
    }

    /** Reports the layer that the unit's short name stands for. */
    public void note(Model model, Terminal terminal) {
        ShortNames.ofUnits(unit.stream().toList(), model, terminal);
    }

    /** The unit, or the score of one class. */
    public Objective fixedObjective(OpenModel open) {
        Model model = open.model();
        if (isUnit() || toward.isGiven() || targets.isEmpty()) {
            return objective(open);
        }
        List<Integer> classes = targets.stream()
                .flatMap(word -> TargetWords.classes(word, model).stream())
                .toList();
        if (classes.size() != 1) {
            throw VitrineException.usage("--target: found " + classes.size()
                    + " classes; expected one, or none to leave" + " it open as the input 'target'.");
        }
        return compared(new ClassScore(scale, OptionalLong.of(classes.get(0))), model);
    }

    private Objective compared(ClassScore score, Model model) {
        if (against.isEmpty()) {
            return score;
        }
        List<Integer> others = TargetWords.classes("--against", against.get(), model);
        boolean itself = targets.stream()
                .filter(word -> !TargetWords.isLikeliest(word))
                .anyMatch(word -> TargetWords.classes(word, model).containsAll(others));
        if (others.size() != 1 || itself) {
            throw VitrineException.usage(
                    "--against " + against.get() + ": expected one class, other than the one to explain.");
        }
        return new ClassContrast(score, others.get(0));
    }

    /** Numbers index the outputs of the model; the single output of a binary model stands for yes. */
    private static List<Integer> outputs(String word, Model model) {
        boolean numbers = word.strip().matches("\\d+(,\\d+)*");
        List<Integer> classes = TargetWords.classes(word, model);
        return model.head().isBinary() && numbers
                ? classes.stream().map(any -> 1).toList()
                : classes;
    }

    /** The output to explain for each sample of a tensor, {@code i64[rows]}. */
    public Tensor outputs(Objective objective, Model model, long rows) {
        if (!objective.takesTarget()) {
            return ModelSession.targets(new long[Math.toIntExact(rows)]);
        }
        List<Integer> classes = new ArrayList<>();
        targets.forEach(word -> classes.addAll(outputs(word, model)));
        if (classes.isEmpty() && model.classes() == 1) {
            classes.add(0);
        }
        if (classes.isEmpty()) {
            throw VitrineException.usage("Found neither --target, --unit nor --toward; expected the class to explain,"
                    + " such as --target " + (model.classes() - 1) + ".");
        }
        if (classes.size() != 1 && classes.size() != rows) {
            throw VitrineException.usage("--target: found " + classes.size() + " classes for "
                    + (rows == 1 ? "one sample" : rows + " samples") + "; expected one for all, or one per sample.");
        }
        long[] outputs = new long[Math.toIntExact(rows)];
        Arrays.setAll(outputs, row -> classes.get(classes.size() == 1 ? 0 : row));
        return ModelSession.targets(outputs);
    }

    /** The unit that a text such as {@code conv4:17} means. */
    public static UnitScore unit(Model model, String text) {
        Matcher matcher = UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            throw VitrineException.usage("--unit '" + text
                    + "': expected LAYER:CHANNEL or LAYER:CHANNEL,ROW,COLUMN, such as conv4:17. List the layers with:"
                    + " vitrine layers MODEL");
        }
        int channel = Integer.parseInt(matcher.group(2));
        UnitScore.Unit found = matcher.group(3) == null
                ? new UnitScore.Channel(channel)
                : new UnitScore.Neuron(channel, Integer.parseInt(matcher.group(3)), Integer.parseInt(matcher.group(4)));
        UnitScore score = new UnitScore(model.anatomy().find(matcher.group(1)), found);
        score.requireChannels(model);
        return score;
    }
}
