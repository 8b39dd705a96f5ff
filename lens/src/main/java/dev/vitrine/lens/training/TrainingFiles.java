package dev.vitrine.lens.training;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.rewrite.weight.HalveWeights;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.model.card.CardText;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.head.OutputCard;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.training.network.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The files of a training in its folder. */
record TrainingFiles(Path folder) {
    Path state() {
        return folder.resolve("training.state");
    }

    Path log() {
        return folder.resolve("log.jsonl");
    }

    Path model() {
        return folder.resolve("model.onnx");
    }

    Path evaluation() {
        return folder.resolve("evaluation.json");
    }

    Path checkpoint(int epoch) {
        return folder.resolve("checkpoints").resolve(String.format(Locale.ROOT, "epoch-%03d.onnx", epoch));
    }

    void writeLog(List<EpochRecord> log) {
        OutputFile.write(log(), log.stream().map(line -> line.json() + "\n").collect(Collectors.joining()));
    }

    void writeModel(Recipe recipe, Network network, Preprocessing preprocessing, Labels labels) {
        write(model(), network, card(recipe, recipe.name(), preprocessing, labels), graph -> graph);
    }

    void writeCheckpoint(int epoch, Recipe recipe, Network network, Preprocessing preprocessing, Labels labels) {
        String name = recipe.name() + (epoch == 0 ? " before training" : ", epoch " + epoch);
        write(checkpoint(epoch), network, card(recipe, name, preprocessing, labels), new HalveWeights());
    }

    private static void write(Path file, Network network, ModelCard card, GraphTransform form) {
        Graph graph = form.apply(network.graph());
        byte[] bytes = OnnxWriter.toBytes(graph);
        OutputFile.write(file, bytes);
        String stem = file.getFileName().toString().replaceFirst("\\.onnx$", "");
        OutputFile.write(file.resolveSibling(stem + ".yaml"), CardText.of(card));
    }

    private static ModelCard card(Recipe recipe, String name, Preprocessing preprocessing, Labels labels) {
        return new ModelCard(
                name, preprocessing, labels, OutputCard.NONE, recipe.license(), recipe.description(), List.of());
    }
}
