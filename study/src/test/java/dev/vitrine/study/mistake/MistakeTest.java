package dev.vitrine.study.mistake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A network that knows colors: class 0 is red, 1 green, 2 blue, by the mean of each channel. */
class MistakeTest {
    private static final int SIDE = 12;
    private static final Attribution METHOD =
            Attributions.find("input-x-gradient").standard();

    private static Model colors() {
        GraphBuilder builder = new GraphBuilder();
        Value image = builder.input("image", TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE));
        Value mean = builder.node("GlobalAveragePool", image);
        Value flat = builder.node("Flatten", Attributes.NONE.with("axis", 1), mean);
        Value scaled = builder.node("Mul", flat, builder.constant(20f));
        Graph graph = builder.output(scaled).build();
        return Nets.open("colors", graph);
    }

    /** The mean color of pictures, a little redder, but for a spot of blue in one ninth that outweighs it. */
    private static Picture picture() {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean spot = x >= 8 && y < 4;
                int at = 3 * (y * SIDE + x);
                rgb[at] = (byte) (spot ? 124 : 134);
                rgb[at + 1] = 116;
                rgb[at + 2] = (byte) (spot ? 255 : 104);
            }
        }
        return Picture.wrap(SIDE, SIDE, rgb);
    }

    @Test
    void thePartThatMisledIsFoundAndCoveringItMendsTheAnswer() {
        Model model = colors();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Optional<Mistake> none = Mistake.of(session, METHOD, picture(), 2);
            assertThat(none).isEmpty();

            Mistake mistake = Mistake.of(session, METHOD, picture(), 0).orElseThrow();
            assertThat(mistake.part()).isEqualTo("top right ninth");
            assertThat(mistake.share()).isGreaterThan(0.5);
            assertThat(mistake.certainty()).isGreaterThan(mistake.rightCertainty());
            assertThat(mistake.coveredTaken()).isEqualTo(mistake.right());
            assertThat(mistake.coveredRight()).isGreaterThan(0.9);
            assertThat(mistake.sentence()).contains("top right ninth of the picture", "with that part covered");
        }
    }

    @Test
    void sharesOfPositiveEvidenceAddUp() {
        Tensor map = Tensor.floats(new float[] {1, -5, 0, 2, 0, 0, 0, 3, 4}, 1, 1, 3, 3);
        assertThat(Part.SIZES.get(0).stream()
                        .mapToDouble(part -> Mistake.share(map, part))
                        .sum())
                .isEqualTo(1, within(1e-9));
        assertThat(Mistake.share(map, Part.SIZES.get(0).get(8))).isEqualTo(0.4, within(1e-9));
        assertThat(Mistake.share(map, Part.SIZES.get(2).get(5))).isEqualTo(0.7, within(1e-9));
    }
}
