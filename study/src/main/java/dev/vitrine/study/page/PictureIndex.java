package dev.vitrine.study.page;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.store.PartText;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * An index of several pages: thumbnails that link to each picture's page.
 *
 * @param facts provenance of all pages
 */
public record PictureIndex(String title, Map<String, String> facts, List<Entry> entries) {
    private static final int SIDE = 128;

    /**
     * @param said the prediction; may be empty
     * @param link to the picture's position on its page
     * @param jpeg the thumbnail
     */
    public record Entry(String name, String said, String link, byte[] jpeg) {
        String data() {
            return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
        }

        public void write(DataOutput output) throws IOException {
            PartText.write(List.of(name, said, link), output);
            output.writeInt(jpeg.length);
            output.write(jpeg);
        }

        public static Entry read(DataInput input) throws IOException {
            List<String> words = PartText.readAll(input);
            byte[] jpeg = new byte[input.readInt()];
            input.readFully(jpeg);
            return new Entry(words.get(0), words.get(1), words.get(2), jpeg);
        }
    }

    public PictureIndex {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        entries = List.copyOf(entries);
    }

    /** The pictures of a page in the same folder as the index. */
    public static List<Entry> of(ExplanationPage page, String file) {
        List<Entry> entries = new ArrayList<>();
        for (ExplanationPage.Image image : page.images()) {
            String said = image.top().stream()
                    .findFirst()
                    .map(bar -> bar.label() + ", " + bar.words())
                    .orElse("");
            String link = Html.link(file) + "#image" + entries.size();
            entries.add(new Entry(image.name(), said, link, small(image.view())));
        }
        return entries;
    }

    private static byte[] small(BufferedImage view) {
        double factor = (double) SIDE / Math.max(view.getWidth(), view.getHeight());
        int width = Math.max(1, (int) Math.round(view.getWidth() * factor));
        int height = Math.max(1, (int) Math.round(view.getHeight() * factor));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_INTERPOLATION,
                    factor > 1
                            ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                            : RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(view, 0, 0, width, height, null);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(small, "jpeg", bytes)) {
                throw new IllegalStateException("no writer of JPEG");
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Deterministic: the same index gives the same text. */
    public String html() {
        return Html.of(output -> JteindexGenerated.render(output, null, this));
    }

    public void write(Path target) {
        OutputFile.write(target, html());
    }
}
