package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.RegionOptions;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine compile}: compiles a model and a method into an ONNX file. */
@Command(
        name = "compile",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Compiles an explanation into an ONNX file that runs wherever ONNX runs.",
        description = {
            "%nInputs: the model's input, preprocessed, and 'target', int64 [N], unless --target sets the class.",
            "Outputs: 'attribution' in the shape of the input, or 'heatmap' [N,1,h,w] for the CAM family; 'score', what"
                    + " was explained; and the model's own output.",
            "In a binary model with a single output, target 0 is no and 1 is yes.%n",
            "  vitrine compile --model net.onnx --method grad-cam -o explain.onnx",
            "  vitrine compile --model net.onnx --method integrated-gradients --steps 20 --target 285 -o cat.onnx%n"
        })
public final class CompileCommand implements Callable<Integer> {
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
            paramLabel = "OUT.onnx",
            required = true,
            description = "Output file.")
    private Path output;

    @Mixin
    private RegionOptions regions;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public CompileCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Attributions.Entry entry = Attributions.find(method);
        try (OpenModel open = models.openForTensor(terminal, stop, (card, type) -> regions.onto(card));
                Claim claim = OutputFolder.takeFile(output, terminal)) {
            Model model = open.model();
            Objective objective = objectives.fixedObjective(open);
            Attribution attribution = entry.with(hyperparameters.on(model)).settled(model, objective);
            hyperparameters.noteLayer(List.of(attribution), objective, terminal);
            hyperparameters.noteUnused(List.of(attribution), model, terminal);
            if (!(attribution instanceof GraphAttribution whole)) {
                throw VitrineException.usage(
                        "Method '" + method + "' runs the network many times and is not a single graph;"
                                + " expected another method of 'vitrine methods'. Use 'vitrine attribute' for its numbers.");
            }
            objectives.note(model, terminal);
            if (model.batch().isFixed()) {
                terminal.err()
                        .println("note: The graph is for a batch of " + model.batch() + ": this network cannot run"
                                + " at another batch size.");
            }
            ExplanationGraph explanation = whole.graph(model, objective);
            Graph graph = new Cut(List.of(explanation.attribution(), explanation.score(), model.output()))
                    .then(open.runner().device().forms())
                    .apply(explanation.graph());
            stop.check();
            OnnxWriter.write(graph, output);
            terminal.out().println(output);
            graph.inputs().forEach(value -> say("input", value, graph));
            graph.outputs().forEach(value -> say("output", value, graph));
            return 0;
        }
    }

    private void say(String role, Value value, Graph graph) {
        String type = graph.type(value).map(Object::toString).orElse("(type known only at run time)");
        terminal.out().println(String.format("  %-7s %s  %s", role, value, type));
    }
}
