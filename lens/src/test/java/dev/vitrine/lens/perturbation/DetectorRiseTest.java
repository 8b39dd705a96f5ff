package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.BoxFormat;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.DetectionLikeness;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Likeness of detections, and D-RISE on a small detector. */
class DetectorRiseTest {
    private static final int SIDE = 8;
    private static final int CLASSES = 3;
    private static final ClassScore SCORE = ClassScore.of(ClassScore.Scale.LOGIT);

    /** Center and size positive, objectness and classes within 0..1, for each of 36 places. */
    private static Model detector() {
        GraphBuilder b = new GraphBuilder();
        Value x = b.input("x", TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE));
        Value maps = b.node("Relu", b.node("Conv", x, b.constant("kernel", Nets.normal(1, 6, 3, 3, 3))));
        Value boxes = b.node("Exp", conv(b, maps, 2, 4));
        Value there = b.node("Sigmoid", conv(b, maps, 3, 1));
        Value classes = b.node("Softmax", Attributes.NONE.with("axis", 1), conv(b, maps, 4, CLASSES));
        b.outputAs(b.node("Concat", Attributes.NONE.with("axis", 1), boxes, there, classes), new Value("found"));
        return Nets.open("detector", b.build());
    }

    private static Value conv(GraphBuilder b, Value maps, long seed, int channels) {
        return b.node("Conv", maps, b.constant("kernel" + seed, Nets.normal(seed, channels, 6, 1, 1)));
    }

    @ParameterizedTest
    @EnumSource(BoxFormat.class)
    void likenessIsTheLargestProduct(BoxFormat format) {
        Model model = detector();
        Tensor image = Nets.noise(model, 1, 5);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            DetectedBoxes found = DetectedBoxes.of(session, image);
            List<Float> target = List.of(0.5f, 0.4f, 2.5f, 2f);
            List<Float> wanted = List.of(0.7f, 0.2f, 0.1f);
            double best = 0;
            for (int box = 0; box < found.boxes().dimension(1); box++) {
                List<Float> corners = found.corners(box, format);
                double width = Math.min(corners.get(2), 2.5) - Math.max(corners.get(0), 0.5);
                double height = Math.min(corners.get(3), 2) - Math.max(corners.get(1), 0.4);
                double common = Math.max(0, width) * Math.max(0, height);
                double area =
                        Math.max(0, corners.get(2) - corners.get(0)) * Math.max(0, corners.get(3) - corners.get(1));
                List<Float> classes = found.classes(box);
                double dot = 0;
                double one = 0;
                double other = 0;
                for (int c = 0; c < CLASSES; c++) {
                    dot += classes.get(c) * wanted.get(c);
                    one += classes.get(c) * classes.get(c);
                    other += wanted.get(c) * wanted.get(c);
                }
                double score = found.scores().floats().get(box * CLASSES) / classes.get(0);
                best = Math.max(best, common / (area + 3.2 - common) * dot / Math.sqrt(one * other) * score);
            }
            assertThat(best).isPositive();
            double likeness = ScoreReader.read(
                            session, new DetectionLikeness(format, target, wanted), image, ModelSession.targets(0))
                    .scores()
                    .floats()
                    .get(0);
            assertThat(likeness).isCloseTo(best, within(1e-5));
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesAndABatchIsItsSingles() {
        Model model = detector();
        Attribution method = new DetectorRise(40, 3, 0.5, Baseline.ZERO, 1);
        Tensor images = Nets.noise(model, 2, 6);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explainer explainer = session.explainer(method, SCORE);
            Tensor both = explainer
                    .explain(images, ModelSession.targets(1, 2), Progress.NONE)
                    .attribution();
            assertThat(both.shape()).containsExactly(2, 1, SIDE, SIDE);
            for (int i = 0; i < 2; i++) {
                Tensor single = explainer
                        .explain(images.rows(i, i + 1), ModelSession.targets(i + 1), Progress.NONE)
                        .attribution();
                assertThat(single).isEqualTo(both.rows(i, i + 1));
                assertThat(single.toFloats()).isNotEqualTo(new float[SIDE * SIDE]);
            }
        }
    }

    /** A detector that finds a thing where it lies needs the place where it lies. */
    @NeedsShared
    @Test
    void theFaceIsWhereTheBoxIs() {
        Model model = new dev.vitrine.lens.model.ModelLoader(Nets.RUNNER)
                .load(Nets.existing(java.nio.file.Path.of("models/zoo/ultraface-rfb-320.onnx")));
        Tensor image = model.preprocessing().apply(Nets.photo("astronaut.png"));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            DetectedBoxes found = DetectedBoxes.of(session, image);
            assertThat(found.format()).contains(BoxFormat.XYXY);
            DetectedBoxes.Pixels box = found.pixels(found.best(1)).orElseThrow();
            assertThat(box.right() - box.left()).isBetween(20.0, 120.0);
            float[] map = session.explainer(new DetectorRise(300, 8, 0.5, Baseline.ZERO, 0), SCORE)
                    .explain(image, ModelSession.targets(1), Progress.NONE)
                    .attribution()
                    .toFloats();
            double inside = 0;
            double outside = 0;
            int count = 0;
            for (int at = 0; at < map.length; at++) {
                int x = at % 320;
                int y = at / 320;
                boolean within = x >= box.left() && x < box.right() && y >= box.top() && y < box.bottom();
                inside += within ? map[at] : 0;
                outside += within ? 0 : map[at];
                count += within ? 1 : 0;
            }
            assertThat(inside / count).isGreaterThan(10 * Math.abs(outside) / (map.length - count));
        }
    }

    @Test
    void classifiersAreRefused() {
        Model model = Nets.architecture("resnet18");
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            assertThatThrownBy(() -> session.explainer(new DetectorRise(1, 1, 0.5, Baseline.ZERO, 0), SCORE))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("expected a detector")
                    .hasMessageContaining("Use rise.");
        }
    }
}
