package dev.vitrine.lens.visualization;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.MeanSquare;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.optimization.Search;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The list of synthesis methods. */
public final class Visualizations {
    /** Inputs that every method can be tried on. */
    public record Material(ModelSession session, Picture picture, Picture other, int target, int steps, long seed) {}

    /** Synthesizes one picture with the usual hyper-parameters except the number of steps. */
    @FunctionalInterface
    public interface Trial {
        Synthesis of(Material material);
    }

    /**
     * @param id of its page
     * @param answers the question it answers
     * @param command of the command line
     * @param options the usual hyper-parameters
     */
    public record Entry(
            String id, String title, String answers, String command, Map<String, String> options, Trial trial) {}

    public static final List<Entry> ALL = List.of(
            new Entry(
                    "activation-maximization",
                    "Activation maximization",
                    "Which picture makes a class, channel, neuron or direction answer most?",
                    "visualize",
                    ActivationMaximization.MODERN.options(),
                    Visualizations::maximized),
            new Entry(
                    "deep-dream",
                    "DeepDream",
                    "What does a layer half see in a picture?",
                    "dream",
                    DeepDream.USUAL.options(),
                    Visualizations::dreamt),
            new Entry(
                    "caricature",
                    "Caricature",
                    "What does a layer find in a picture, exaggerated?",
                    "caricature",
                    Caricature.USUAL.options(),
                    Visualizations::exaggerated),
            new Entry(
                    "fooling",
                    "Fooling images",
                    "What does the network take for a class although nobody else would?",
                    "fool",
                    Fooling.USUAL.options(),
                    Visualizations::fooled),
            new Entry(
                    "inversion",
                    "Inversion",
                    "How much of a picture is still there at a layer?",
                    "invert",
                    Inversion.USUAL.options(),
                    Visualizations::inverted),
            new Entry(
                    "style-transfer",
                    "Style transfer",
                    "What are the things of one picture in the textures of another?",
                    "style",
                    StyleTransfer.STYLE.options(),
                    Visualizations::painted),
            new Entry(
                    "texture-synthesis",
                    "Texture synthesis",
                    "Which other picture has the same textures for the network?",
                    "texture",
                    StyleTransfer.TEXTURE.options(),
                    Visualizations::woven));

    private Visualizations() {}

    private static Value middle(Material material) {
        return material.session().model().anatomy().content();
    }

    private static Synthesis maximized(Material material) {
        ClassScore score = new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(material.target()));
        try (ActivationMaximization.Maximizer maximizer =
                ActivationMaximization.MODERN.withSteps(material.steps()).on(material.session(), score)) {
            return maximizer.run(material.seed(), Progress.NONE);
        }
    }

    private static Synthesis dreamt(Material material) {
        DeepDream usual = DeepDream.USUAL;
        return new DeepDream(1, usual.scale(), material.steps(), usual.rate(), usual.jitter())
                .run(
                        material.session(),
                        material.picture(),
                        new MeanSquare(middle(material)),
                        material.seed(),
                        Progress.NONE);
    }

    private static Synthesis exaggerated(Material material) {
        Caricature usual = Caricature.USUAL;
        return new Caricature(material.steps(), usual.rate(), usual.power())
                .run(material.session(), material.picture(), middle(material), material.seed(), Progress.NONE);
    }

    private static Synthesis fooled(Material material) {
        return new Fooling(material.steps(), 0)
                .fromNoise(material.session(), material.target(), material.seed(), Progress.NONE);
    }

    private static Synthesis inverted(Material material) {
        Inversion usual = Inversion.USUAL;
        return new Inversion(material.steps(), usual.rate(), usual.alphaWeight(), usual.variationWeight())
                .run(material.session(), material.picture(), middle(material), material.seed(), Progress.NONE)
                .synthesis();
    }

    private static Synthesis painted(Material material) {
        StyleTransfer.Chosen layers = new StyleTransfer.Chosen(
                List.of(middle(material)), material.session().model().anatomy().textures());
        return transferred(material, StyleTransfer.STYLE, layers, new Start.Image(material.picture()));
    }

    private static Synthesis woven(Material material) {
        StyleTransfer.Chosen layers = new StyleTransfer.Chosen(
                List.of(), material.session().model().anatomy().textures());
        return transferred(material, StyleTransfer.TEXTURE, layers, Start.NOISE);
    }

    private static Synthesis transferred(
            Material material, StyleTransfer usual, StyleTransfer.Chosen layers, Start start) {
        return usual.withSteps(material.steps())
                .run(
                        material.session(),
                        material.picture(),
                        material.other(),
                        layers,
                        start,
                        material.seed(),
                        Search.Watch.NONE,
                        Progress.NONE);
    }
}
