package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures in a NumPy file: {@code u8[N,H,W,C]}, or {@code f32[N,H,W,C]} in 0..1. A fourth axis may be left out where there
 * is one channel.
 */
public record PictureArray(int count, int height, int width, int channels, float[] values) {
    private static final String EXPECTED = "uint8 or float32 in 0..1, [pictures, height, width, channels]";
    private static final float LEVELS = 255;

    /** @throws VitrineException of kind FAILURE if the file holds no pictures, or values beyond 0..1 */
    public static PictureArray read(Path file) {
        Tensor tensor = Npy.read(file);
        long[] shape = tensor.shape();
        boolean known = tensor.elementType() == ElementType.UINT8 || tensor.elementType() == ElementType.FLOAT32;
        if (!known || shape.length < 3 || shape.length > 4 || Tensor.elements(shape) == 0) {
            throw VitrineException.failure(file + ": found " + tensor.elementType() + Arrays.toString(shape)
                    + "; expected pictures, " + EXPECTED + ".");
        }
        float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
        if (tensor.elementType() == ElementType.UINT8) {
            ByteBuffer bytes = tensor.bytes();
            for (int i = 0; i < values.length; i++) {
                values[i] = (bytes.get(bytes.position() + i) & 255) / LEVELS;
            }
        } else {
            FloatBuffer floats = tensor.floats();
            floats.get(values);
            for (int i = 0; i < values.length; i++) {
                if (!(values[i] >= 0 && values[i] <= 1)) {
                    throw VitrineException.failure(file + ": found the value " + values[i] + " in picture "
                            + i / (values.length / (int) shape[0]) + "; expected " + EXPECTED
                            + ". Divide by 255, or save as uint8.");
                }
            }
        }
        return new PictureArray(
                (int) shape[0], (int) shape[1], (int) shape[2], shape.length == 4 ? (int) shape[3] : 1, values);
    }

    /** One picture, {@code [C,H,W]}. */
    public float[] picture(int index) {
        int size = height * width * channels;
        float[] planes = new float[size];
        for (int place = 0; place < height * width; place++) {
            for (int channel = 0; channel < channels; channel++) {
                planes[channel * height * width + place] = values[index * size + place * channels + channel];
            }
        }
        return planes;
    }

    /** The bytes of a file of pictures {@code [C,H,W]}, {@code f32[N,H,W,C]}. */
    public byte[] bytes(List<float[]> pictures) {
        byte[] header = Npy.header(pictures.size(), height, width, channels);
        int size = height * width * channels;
        ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(header.length + 4L * size * pictures.size()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(header);
        for (float[] picture : pictures) {
            for (int place = 0; place < height * width; place++) {
                for (int channel = 0; channel < channels; channel++) {
                    file.putFloat(picture[channel * height * width + place]);
                }
            }
        }
        return file.array();
    }
}
