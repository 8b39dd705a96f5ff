package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoded files were written by NumPy 2.4.6. */
class NpyTest {
    private static final String FORTRAN =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwg"
                    + "MywgNCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "IAoAAAAAAABAQQAAgEAAAIBBAAAAQQAAoEEAAIA/AABQQQAAoEAAAIhBAAAQQQAAqEEAAABAAABgQQAAwEAA"
                    + "AJBBAAAgQQAAsEEAAEBAAABwQQAA4EAAAJhBAAAwQQAAuEE=";
    private static final String BIG_ENDIAN_INT32 =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPmk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMs"
                    + "KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "IAoAAAAB/////gABEXA=";
    private static final String VERSION_3_DOUBLES =
            "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8ZjgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAo"
                    + "MSwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "IAoAAAAAAAD4PwAAAAAAANC/";
    private static final String VERSION_2_BYTES =
            "k05VTVBZAgB0AAAAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAo"
                    + "MiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "IAr6Aw==";
    private static final String HALVES =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMs"
                    + "KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "IAoAPADA/3s=";
    private static final String SCALAR =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCks"
                    + "IH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "IAoAAKBA";
    private static final String LONGS =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEs"
                    + "IDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "IAr//////////wAAAAAAAQAA";

    @TempDir
    private Path folder;

    @Test
    void fortranOrderIsTransposed() throws IOException {
        Tensor tensor = numpy(FORTRAN);

        float[] counted = new float[24];
        for (int index = 0; index < 24; index++) {
            counted[index] = index;
        }
        assertThat(tensor).isEqualTo(Tensor.floats(counted, 2, 3, 4));
    }

    @Test
    void everyTypeAndVersionIsRead() throws IOException {
        Tensor ints = numpy(BIG_ENDIAN_INT32);
        assertThat(ints.elementType()).isEqualTo(ElementType.INT32);
        assertThat(ints.bytes().asIntBuffer().get(2)).isEqualTo(70000);
        assertThat(ints.bytes().asIntBuffer().get(1)).isEqualTo(-2);

        Tensor doubles = numpy(VERSION_3_DOUBLES);
        assertThat(doubles.shape()).containsExactly(1, 2);
        assertThat(doubles.bytes().asDoubleBuffer().get(0)).isEqualTo(1.5);
        assertThat(doubles.bytes().asDoubleBuffer().get(1)).isEqualTo(-0.25);

        Tensor bytes = numpy(VERSION_2_BYTES);
        assertThat(bytes.elementType()).isEqualTo(ElementType.UINT8);
        assertThat(bytes.bytes().get(0)).isEqualTo((byte) 250);

        Tensor halves = numpy(HALVES);
        assertThat(halves.elementType()).isEqualTo(ElementType.FLOAT16);
        assertThat(halves.bytes().asShortBuffer().get(1)).isEqualTo((short) 0xc000);

        assertThat(numpy(SCALAR)).isEqualTo(Tensor.scalar(5f));
        assertThat(numpy(LONGS)).isEqualTo(Tensor.longs(new long[] {-1, 1L << 40}, 1, 2));
    }

    @Test
    void whatIsWrittenIsWhatNumPyWrites() {
        assertThat(Npy.bytes(Tensor.scalar(5f))).isEqualTo(Base64.getDecoder().decode(SCALAR));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (Tensor tensor : new Tensor[] {
            Tensor.floats(new float[] {1, -2, Float.NaN, 4, 5, 6}, 2, 3),
            Tensor.floats(new float[] {7}, 1),
            Tensor.floats(new float[0], 3, 0, 2),
            Tensor.floats(new float[16], 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2)
        }) {
            Path file = folder.resolve("array.npy");
            Npy.write(file, tensor);
            assertThat(Npy.read(file)).isEqualTo(tensor);
            int header = (int) (file.toFile().length() - 4 * tensor.elements());
            assertThat(header % 64).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } @ takes 8 bytes, found 4",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1} @ takes 4 bytes, found 5",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), } @ elements of type '<c8'",
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,), } @ plain element type",
                "{'descr': '|f4', 'fortran_order': False, 'shape': (1,), } @ without a byte order",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), } @ plain element type",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), } @ plain element type",
                "{'descr': '<f4', 'fortran_order': False} @ plain element type",
                "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)} @ plain element type",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)} @ plain element type",
                "nothing at all @ plain element type",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), } @ larger than the 2 GiB",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), } @ out of range",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (536870911,), } @ takes 2147483644 bytes, found 4",
            })
    void aWrongHeaderIsSaid(String header, String expected) throws IOException {
        assertBroken(file(header, expected.contains("found 5") ? 5 : 4), expected);
    }

    @Test
    void aCutFileIsSaid() throws IOException {
        byte[] whole = Base64.getDecoder().decode(FORTRAN);
        for (int length = 0; length < whole.length; length++) {
            assertBroken(Arrays.copyOf(whole, length), "NumPy array file");
        }
        byte[] longHeader = Arrays.copyOf(whole, 12);
        longHeader[6] = 2;
        Arrays.fill(longHeader, 8, 12, (byte) 0x7f);
        assertBroken(longHeader, "a header of 2139062143 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {FORTRAN, VERSION_3_DOUBLES})
    void anyChangedByteIsReadOrSaid(String encoded) throws IOException {
        Random random = new Random(11);
        byte[] whole = Base64.getDecoder().decode(encoded);
        for (int round = 0; round < 400; round++) {
            byte[] changed = whole.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                changed[random.nextInt(80)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("changed.npy"), changed);
            try {
                assertThat(Npy.read(file).elements()).isGreaterThan(0);
            } catch (VitrineException said) {
                assertThat(said).hasMessageContaining("changed.npy");
            }
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Npy.read(folder.resolve("none.npy")))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        said -> assertThat(said.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                .hasMessageContaining("none.npy");
        assertThatThrownBy(() -> Npy.read(folder)).isInstanceOf(VitrineException.class);
    }

    private Tensor numpy(String encoded) throws IOException {
        return Npy.read(
                Files.write(folder.resolve("array.npy"), Base64.getDecoder().decode(encoded)));
    }

    private static byte[] file(String header, int bytes) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        byte[] file = new byte[10 + text.length + bytes];
        System.arraycopy(
                new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0}, 0, file, 0, 10);
        System.arraycopy(text, 0, file, 10, text.length);
        return file;
    }

    private void assertBroken(byte[] content, String expected) throws IOException {
        Path file = Files.write(folder.resolve("broken.npy"), content);
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        said -> assertThat(said.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                .hasMessageContaining(expected)
                .hasMessageContaining("broken.npy");
    }
}
