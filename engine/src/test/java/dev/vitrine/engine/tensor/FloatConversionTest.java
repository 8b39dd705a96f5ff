package dev.vitrine.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatConversionTest {
    /** Bits and values from IEEE 754-2008, section 3. */
    @ParameterizedTest
    @CsvSource({
        "0000, 0",
        "8000, -0.0",
        "3c00, 1",
        "c000, -2",
        "7bff, 65504",
        "0400, 0x1p-14",
        "0001, 0x1p-24",
        "83ff, -0x1.ff8p-15",
        "7c00, Infinity",
        "fc00, -Infinity",
        "3555, 0x1.554p-2",
        "7e00, NaN"
    })
    void halfPrecision(String bits, String text) {
        short half = (short) Integer.parseInt(bits, 16);
        float value = Float.parseFloat(text);

        assertThat(FloatConversion.halfToFloat(half)).isEqualTo(Float.valueOf(value));
        assertThat(FloatConversion.floatToHalf(value)).isEqualTo(half);
    }

    @Test
    void everyHalfSurvivesTheWayThereAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = FloatConversion.halfToFloat((short) bits);
            if (Float.isNaN(value)) {
                assertThat(bits & 0x7fff).isGreaterThan(0x7c00);
            } else {
                assertThat(FloatConversion.floatToHalf(value)).isEqualTo((short) bits);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // halves between two neighbors go to the even one
        "0x1.002p0, 3c00",
        "0x1.006p0, 3c02",
        "0x1.002002p0, 3c01",
        "65519.996, 7bff",
        "65520, 7c00",
        "0x1p-25, 0000",
        "0x1.8p-25, 0001",
        "0x1.8p-24, 0002",
        "0x1.ffep-15, 0400"
    })
    void halfPrecisionRoundsToEven(float value, String bits) {
        assertThat(FloatConversion.floatToHalf(value)).isEqualTo((short) Integer.parseInt(bits, 16));
    }

    @Test
    void brainFloats() {
        float[] values = {1, -0f, Float.POSITIVE_INFINITY, 0x1.01p0f, 0x1.03p0f, 0x1p-133f};
        Tensor brain = FloatConversion.convert(Tensor.floats(values, 6), ElementType.BFLOAT16);

        ByteBuffer bytes = brain.bytes();
        assertThat(new short[] {
                    bytes.getShort(),
                    bytes.getShort(),
                    bytes.getShort(),
                    bytes.getShort(),
                    bytes.getShort(),
                    bytes.getShort()
                })
                .containsExactly(0x3f80, 0x8000, 0x7f80, 0x3f80, 0x3f82, 0x0001);
        assertThat(FloatConversion.convert(brain, ElementType.FLOAT32).toFloats())
                .containsExactly(1, -0f, Float.POSITIVE_INFINITY, 1, 0x1.04p0f, 0x1p-133f);
        assertThat(FloatConversion.floatToBrain(Float.intBitsToFloat(0x7f800001)))
                .isEqualTo((short) 0x7fc0);
    }
}
