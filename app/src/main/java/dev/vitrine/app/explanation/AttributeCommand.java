package dev.vitrine.app.explanation;

import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.RegionOptions;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.objective.Targets;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.EmptyMaps;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.perturbation.Occlusion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine attribute}: tensors in, tensors out. */
@Command(
        name = "attribute",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Computes an attribution for programs: preprocessed tensors in, tensors out, no picture.",
        description = {
            "%nThe input is an .npy file of float32, [N,C,H,W] as the model's input or one sample [C,H,W],"
                    + " preprocessed: nothing is scaled, turned or cut.",
            "%nThe output is an .npy file of little-endian float32 in C order:",
            "  pixel methods   the shape of the input, signed, channel by channel;",
            "                  'gradient' is the raw gradient, 'saliency' its absolute value",
            "  CAM family      [N,1,h,w] in the layer's own size, not enlarged, after ReLU",
            "  occlusion       [rows,columns], a number a window, the first at 0,0; [N,rows,columns] for more samples",
            "  other masks     [N,1,H,W] in the size of the input%n",
            "  vitrine attribute --model net.onnx --input x.npy --method gradient --target 285 --output out.npy",
            "  vitrine attribute --input x.npy --method grad-cam --target 285 --layer conv4 --output map.npy%n"
        })
public final class AttributeCommand implements Callable<Integer> {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "X.npy",
            required = true,
            description = "Preprocessed input, float32.")
    private Path input;

    @Option(names = "--method", paramLabel = "ID", required = true, description = "See 'vitrine methods'.")
    private String method;

    @Mixin
    private ObjectiveOptions objectives;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.npy",
            required = true,
            description = "Where to write.")
    private Path output;

    @Mixin
    private RegionOptions regions;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public AttributeCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Attributions.Entry entry = Attributions.find(method);
        Tensor given = given();
        try (OpenModel open = models.open(terminal, stop, (card, type) -> regions.onto(sized(card, type, given)))) {
            Model model = open.model();
            Objective objective = objectives.objective(open);
            objectives.note(model, terminal);
            Attribution attribution =
                    entry.make().apply(hyperparameters.on(model)).settled(model, objective);
            Tensor batch = given.rank() == 3 ? given.reshape(prefixed(given.shape())) : given;
            Tensor targets = targets(model, objective, batch.dimension(0));
            hyperparameters.noteUnused(List.of(attribution), model, terminal);
            ProgressLine progress = new ProgressLine(terminal, 1);
            progress.begin(entry.title(), 1);
            Explanation explanation =
                    open.session().explainer(attribution, objective).explain(batch, targets, progress);
            progress.end();
            stop.check();
            Tensor result = explanation.attribution();
            new EmptyMaps(open.session(), attribution, objective)
                    .noted(batch, targets, explanation).notes().stream()
                            .flatMap(List::stream)
                            .filter(EmptyMaps::isNote)
                            .distinct()
                            .forEach(note -> terminal.err().println("note: " + note));
            Npy.write(output, shaped(result, attribution, given));
            return 0;
        }
    }

    private static Tensor shaped(Tensor result, Attribution attribution, Tensor given) {
        if (attribution.form() == Attribution.Form.PIXELS) {
            return result.reshape(given.shape());
        }
        long[] shape = result.shape();
        if (!(attribution instanceof Occlusion)) {
            return result;
        }
        return shape[0] == 1 ? result.reshape(shape[2], shape[3]) : result.reshape(shape[0], shape[2], shape[3]);
    }

    private Tensor given() {
        Tensor tensor = Npy.read(input);
        if (tensor.elementType() != ElementType.FLOAT32) {
            throw VitrineException.usage("--input " + input + ": found " + tensor
                    + "; expected FLOAT32. Convert it with array.astype('float32').");
        }
        if (tensor.rank() != 4 && tensor.rank() != 3 || tensor.elements() == 0) {
            throw VitrineException.usage("--input " + input + ": found " + tensor
                    + "; expected a batch [N,C,H,W] or one sample [C,H,W], preprocessed as the model's input.");
        }
        return tensor;
    }

    private static long[] prefixed(long[] sample) {
        long[] shape = new long[sample.length + 1];
        shape[0] = 1;
        System.arraycopy(sample, 0, shape, 1, sample.length);
        return shape;
    }

    /** The card with the tensor's own height and width, where the model takes them. */
    private ModelCard sized(ModelCard card, TensorType type, Tensor given) {
        Preprocessing preprocessing = card.preprocessing();
        long[] shape = given.rank() == 3 ? prefixed(given.shape()) : given.shape();
        boolean fits = true;
        for (int axis = 1; axis < 4; axis++) {
            Dimension dimension = type.dimension(axis);
            fits &= !dimension.isFixed() || dimension.size() == shape[axis];
        }
        Layout layout = preprocessing.layout();
        fits &= shape[layout.channelAxis()] == preprocessing.channels().count();
        if (!fits) {
            throw VitrineException.usage("--input " + input + ": found " + given + "; the model's input is " + type
                    + " with " + preprocessing.channels().count()
                    + " channels. Give a tensor of that shape, with a batch axis or as one sample.");
        }
        int height = Math.toIntExact(shape[layout.heightAxis()]);
        int width = Math.toIntExact(shape[layout.widthAxis()]);
        if (height == preprocessing.height() && width == preprocessing.width()) {
            return card;
        }
        Preprocessing resized = new Preprocessing(
                width,
                height,
                preprocessing.fit(),
                preprocessing.resampling(),
                preprocessing.channels(),
                preprocessing.layout(),
                preprocessing.normalization());
        return card.withPreprocessing(resized).withNotes(List.of());
    }

    /** A number counts the model's outputs: where one output tells yes from no, it stands for yes. */
    private static List<Integer> outputs(String word, Model model) {
        boolean numbers = word.strip().matches("\\d+(,\\d+)*");
        List<Integer> classes = Targets.classes(word, model);
        return model.head().isBinary() && numbers
                ? classes.stream().map(any -> 1).toList()
                : classes;
    }

    private Tensor targets(Model model, Objective objective, long rows) {
        if (!objective.takesTarget()) {
            return ModelSession.targets(new long[Math.toIntExact(rows)]);
        }
        List<Integer> classes = new ArrayList<>();
        objectives.targets().forEach(word -> classes.addAll(outputs(word, model)));
        if (classes.isEmpty() && model.classes() == 1) {
            classes.add(0);
        }
        if (classes.isEmpty()) {
            throw VitrineException.usage("Found neither --target, --unit nor --toward; expected the class to explain,"
                    + " such as --target " + (model.classes() - 1) + ".");
        }
        if (classes.size() != 1 && classes.size() != rows) {
            throw VitrineException.usage("--target: found " + classes.size() + " classes for "
                    + (rows == 1 ? "one sample" : rows + " samples") + "; expected one for all, or one for each.");
        }
        long[] targets = new long[Math.toIntExact(rows)];
        Arrays.setAll(targets, row -> classes.get(classes.size() == 1 ? 0 : row));
        return ModelSession.targets(targets);
    }
}
