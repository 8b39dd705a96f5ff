package dev.vitrine.study.map;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Small squares of pictures on sheets, row by row.
 *
 * @param side of a thumbnail in pixels
 * @param across thumbnails in a row, and rows on a sheet
 * @param sheets JPEG as data URLs
 */
record Thumbnails(int side, int across, List<String> sheets) {
    private static final int ACROSS = 32;
    private static final int SMALL = 32;
    private static final int LARGE = 48;

    /** More pictures get smaller thumbnails, so that pages stay within some tens of megabytes. */
    private static final int MANY = 4000;

    private static final float QUALITY = 0.8f;

    static Thumbnails of(PictureList pictures, int[] indices) {
        int side = indices.length > MANY ? SMALL : LARGE;
        int each = ACROSS * ACROSS;
        List<String> sheets = new ArrayList<>();
        for (int first = 0; first < indices.length; first += each) {
            int count = Math.min(each, indices.length - first);
            int rows = (count + ACROSS - 1) / ACROSS;
            BufferedImage sheet = new BufferedImage(ACROSS * side, rows * side, BufferedImage.TYPE_INT_RGB);
            for (int cell = 0; cell < count; cell++) {
                draw(pictures, indices[first + cell], sheet, cell % ACROSS * side, cell / ACROSS * side, side);
            }
            sheets.add("data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(sheet)));
        }
        return new Thumbnails(side, ACROSS, sheets);
    }

    private static void draw(PictureList pictures, int index, BufferedImage sheet, int left, int top, int side) {
        Picture small;
        try {
            small = Resampler.resize(pictures.read(index), side, side, Resampling.BOX);
        } catch (VitrineException gone) {
            // It was read when its codes were; its place stays black.
            return;
        }
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                sheet.setRGB(left + x, top + y, small.color(x, y));
            }
        }
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(output);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
