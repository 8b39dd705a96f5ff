package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.NetworkOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.RegionOptions;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.EmptyMaps;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
                    + " preprocessed: it is not scaled, cropped or reordered. Networks with other inputs, such as"
                    + " [N,C,L], [N,C,D,H,W] or [N,F], work too.",
            "%nThe output is an .npy file of little-endian float32 in C order:",
            "  pixel methods   the shape of the input, signed, channel by channel;",
            "                  'gradient' is the raw gradient, 'saliency' its absolute value",
            "  CAM family      [N,1,h,w] in the layer's own size, not enlarged, after ReLU;",
            "                  [N,1,l] or [N,1,d,h,w] where the layer has such axes",
            "  occlusion       [rows,columns], one number per window, the first at 0,0;",
            "                  [N,rows,columns] for several samples",
            "  other masks     [N,1,H,W] in the size of the input%n",
            "--target counts the model's outputs. Where one output tells yes from no, 0 and 1 both are that output, which"
                    + " speaks for yes; '--target no' is against it. (In explain and compile 0 is no and 1 is yes.)%n",
            "  vitrine attribute --model net.onnx --input x.npy --method gradient --target 285 --output out.npy",
            "  vitrine attribute --input x.npy --method grad-cam --target 285 --layer conv4 --output map.npy%n"
        })
public final class AttributeCommand implements Callable<Integer> {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "[NAME=]X.npy",
            required = true,
            description = "Preprocessed input, float32; NAME is the input of the model, where it has several.")
    private String input;

    @Option(
            names = "--method",
            paramLabel = "ID",
            required = true,
            description = "Method, by id; see 'vitrine methods'.")
    private String method;

    @Mixin
    private ObjectiveOptions objectives;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.npy",
            required = true,
            description = "File to write.")
    private Path output;

    @Mixin
    private RegionOptions regions;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private NetworkOptions models;

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
        List<Long> shape = Arrays.stream(given.shape()).boxed().toList();
        try (OpenModel open = models.openForTensor(
                        terminal, stop, named(), shape, (card, type) -> regions.onto(sized(card, type, given)));
                Claim claim = OutputFolder.takeFile(output, terminal)) {
            Model model = open.model();
            Objective objective = objectives.objective(open);
            objectives.note(model, terminal);
            Attribution made = entry.with(hyperparameters.on(model));
            PictureAttribution.require(made, model);
            Attribution attribution = made.settled(model, objective);
            hyperparameters.noteLayer(List.of(attribution), objective, terminal);
            boolean single = given.rank() < model.sampleShape().length;
            Tensor batch = single ? given.reshape(prefixed(given.shape())) : given;
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
            Npy.write(output, shaped(result, attribution, model, given));
            return 0;
        }
    }

    private static Tensor shaped(Tensor result, Attribution attribution, Model model, Tensor given) {
        if (attribution.form() == Attribution.Form.PIXELS) {
            return result.reshape(given.shape());
        }
        if (attribution instanceof LayerAttribution layered && !model.takesPictures()) {
            long[] maps = model.graph().types().get(layered.maps(model).value()).shape();
            maps[0] = result.dimension(0);
            maps[1] = 1;
            return result.reshape(maps);
        }
        long[] shape = result.shape();
        if (!(attribution instanceof Occlusion)) {
            return result;
        }
        return shape[0] == 1 ? result.reshape(shape[2], shape[3]) : result.reshape(shape[0], shape[2], shape[3]);
    }

    /** The model's input that the option names before the file. */
    private Optional<String> named() {
        int equals = input.indexOf('=');
        return equals > 0 && !Files.exists(Path.of(input)) ? Optional.of(input.substring(0, equals)) : Optional.empty();
    }

    private Tensor given() {
        Tensor tensor = Npy.read(Path.of(named().isPresent() ? input.substring(input.indexOf('=') + 1) : input));
        boolean whole = !tensor.elementType().isFloating() && tensor.elementType() != ElementType.BOOL;
        if (!whole && tensor.elementType() != ElementType.FLOAT32) {
            throw VitrineException.usage("--input " + input + ": found " + tensor
                    + "; expected FLOAT32. Convert it with array.astype('float32').");
        }
        if (tensor.rank() == 0 || tensor.elements() == 0) {
            throw VitrineException.usage("--input " + input + ": found " + tensor
                    + "; expected a batch, such as [N,C,H,W], or one sample, preprocessed as the model's input.");
        }
        return whole
                ? Numbers.tensor(Numbers.of(tensor), ElementType.FLOAT32, tensor.shape())
                        .orElseThrow()
                : tensor;
    }

    private static long[] prefixed(long[] sample) {
        long[] shape = new long[sample.length + 1];
        shape[0] = 1;
        System.arraycopy(sample, 0, shape, 1, sample.length);
        return shape;
    }

    /** The card with the tensor's own height and width, where the model takes them. */
    private ModelCard sized(ModelCard card, TensorType type, Tensor given) {
        if (type.rank() != 4) {
            return card;
        }
        Preprocessing preprocessing = card.preprocessing();
        long[] shape = given.rank() == 3 ? prefixed(given.shape()) : given.shape();
        boolean fits = shape.length == 4;
        for (int axis = 1; fits && axis < 4; axis++) {
            Dimension dimension = type.dimension(axis);
            fits &= !dimension.isFixed() || dimension.size() == shape[axis];
        }
        Layout layout = preprocessing.layout();
        fits = fits && shape[layout.channelAxis()] == preprocessing.channels().count();
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
        List<Integer> classes = TargetWords.classes(word, model);
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
