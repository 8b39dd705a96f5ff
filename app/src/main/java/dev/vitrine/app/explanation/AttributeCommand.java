package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.NetworkOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.RegionOptions;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.method.TensorExplanation;
import dev.vitrine.lens.model.GivenTensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.nio.file.Path;
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
        header = "Computes an attribution of preprocessed tensors and writes it as a tensor.",
        description = {
            "%nThe input is a float32 .npy file in the model's own layout, such as [N,C,H,W] or one sample [C,H,W]; it is"
                    + " not scaled, cropped or reordered.",
            "%nThe output is an .npy file of little-endian float32 in C order:",
            "  pixel methods   the shape of the input; 'gradient' signed, 'saliency' its absolute value",
            "  CAM family      [N,1,h,w], [N,1,l] or [N,1,d,h,w] in the layer's own size, after ReLU;",
            "  occlusion       [rows,columns], one number per window, the first at 0,0;",
            "                  [N,rows,columns] for several samples",
            "  other masks     [N,1,H,W] in the size of the input%n",
            "--target is the index of a model output. In a binary model with a single output, 0 and 1 both stand for that"
                    + " output (yes); '--target no' explains its negation. (In explain and compile, 0 is no and 1 is yes.)%n",
            "  vitrine attribute --model net.onnx --input x.npy --method gradient --target 285 --output out.npy",
            "  vitrine attribute --input x.npy --method grad-cam --target 285 --layer conv4 --output map.npy%n"
        })
public final class AttributeCommand implements Callable<Integer> {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "[NAME=]X.npy",
            required = true,
            description = "Preprocessed input, float32; NAME selects the input of a model with several.")
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
            description = "Output file.")
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
        GivenTensor given = GivenTensor.read("--input ", input);
        List<Long> shape = Arrays.stream(given.tensor().shape()).boxed().toList();
        try (OpenModel open = models.openForTensor(
                        terminal, stop, given.input(), shape, (card, type) -> regions.onto(given.sized(card, type)));
                Claim claim = OutputFolder.takeFile(output, terminal)) {
            Model model = open.model();
            Objective objective = objectives.objective(open);
            objectives.note(model, terminal);
            Attribution made = entry.with(hyperparameters.on(model));
            PictureAttribution.require(made, model);
            Attribution settled = made.settled(model, objective);
            hyperparameters.noteLayer(List.of(settled), objective, terminal);
            hyperparameters.noteUnused(List.of(settled), model, terminal);
            Tensor batch = given.batch(model);
            Tensor targets = objectives.outputs(objective, model, batch.dimension(0));
            ProgressLine progress = ProgressLine.of(entry.title(), terminal);
            TensorExplanation.Result result = new TensorExplanation(
                            model, settled, objective, given.tensor(), batch, targets)
                    .of(open.session(), progress);
            progress.end();
            result.notes().forEach(note -> terminal.err().println("note: " + note));
            Npy.write(output, result.attribution());
            return 0;
        }
    }
}
