package dev.vitrine.lens.corruption.weather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.corruption.ReferencePictures;
import org.junit.jupiter.api.Test;

class WaterTest {
    /** Edges, distances, equalization and emboss of one layer, by OpenCV 4.6. */
    @Test
    void lightEqualsOpenCvs() {
        Tensor layer = ReferencePictures.array("water-layer.npy");
        float[] values = layer.toFloats();
        double[] liquid = new double[values.length];
        for (int i = 0; i < liquid.length; i++) {
            liquid[i] = values[i];
        }
        float[] expected = ReferencePictures.array("water-light.npy").toFloats();
        float[] found = new Water(.65, .3, 2, .68, .5).light(liquid, 64, 64);
        int unequal = 0;
        for (int i = 0; i < found.length; i++) {
            unequal += Math.abs(found[i] - expected[i]) > 1e-6 ? 1 : 0;
        }
        assertThat(unequal).isZero();
        assertThat(expected).as("some light").contains(0.5f);
    }
}
