package dev.vitrine.lens.render;

import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.Key;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A picture with a strip below that describes it: method, target, image, model, options and the color key. The file
 * contains the same information as text.
 */
public record Sheet(BufferedImage picture, Provenance provenance, Optional<? extends Key> key) {
    /** Small pictures are enlarged by an integer factor until at least this wide, or too high. */
    private static final int NARROWEST = 320;

    private static final int HIGHEST = 2048;

    private static final int SMOOTH_UP_TO = 3;

    /** Size up to which pictures are viewed pixel by pixel. */
    private static final int TINY = 64;

    private static final int MARGIN = 12;
    private static final Color PAPER = new Color(0xfbfbf9);
    private static final Lettering TITLE = new Lettering(16, new Color(0x1a1c1f));
    private static final Lettering TEXT = new Lettering(12, new Color(0x3a3d42));
    private static final Lettering LABEL = new Lettering(12, new Color(0x767a80));

    /** The map alone with its colors. */
    public static Sheet map(HeatmapPainter painter, Heatmap heatmap, Scale scale, int width, int height) {
        return new Sheet(painter.map(heatmap, scale, width, height), heatmap.provenance(), bar(painter, scale));
    }

    /** The map over the picture as the network sees it. */
    public static Sheet overlay(HeatmapPainter painter, Heatmap heatmap, Scale scale, BufferedImage view) {
        return new Sheet(painter.overlay(heatmap, scale, view), heatmap.provenance(), bar(painter, scale));
    }

    private static Optional<ColorBar> bar(HeatmapPainter painter, Scale scale) {
        return Optional.of(new ColorBar(painter.colors(scale), scale));
    }

    /** The picture with its strip. */
    public BufferedImage image() {
        BufferedImage shown = enlarged();
        int width = Math.max(shown.getWidth(), NARROWEST);
        Strip strip = new Strip(width - 2 * MARGIN);
        strip.write(TITLE, provenance.method() + (provenance.isPartial() ? " (partial)" : ""));
        strip.space(4);
        strip.fact("target", provenance.target());
        strip.fact("image", provenance.image());
        strip.fact("model", provenance.model());
        if (!provenance.options().isEmpty()) {
            strip.fact("options", options(provenance));
        }
        int text = strip.height;
        int height = shown.getHeight()
                + text
                + 2 * MARGIN
                + key.map(present -> MARGIN + present.height(width - 2 * MARGIN))
                        .orElse(0);
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, width, height);
            graphics.drawImage(shown, (width - shown.getWidth()) / 2, 0, null);
            int top = shown.getHeight() + MARGIN;
            strip.draw(graphics, MARGIN, top);
            key.ifPresent(present -> present.draw(graphics, MARGIN, top + text + MARGIN, width - 2 * MARGIN));
        } finally {
            graphics.dispose();
        }
        return sheet;
    }

    /** The same with the picture scaled by a factor. */
    public Sheet times(int factor) {
        if (factor == 1) {
            return this;
        }
        int whole = factor * enlargement();
        boolean tiny = Math.max(picture.getWidth(), picture.getHeight()) < TINY;
        return new Sheet(
                HeatmapPainter.resized(
                        picture,
                        picture.getWidth() * whole,
                        picture.getHeight() * whole,
                        tiny ? Resampling.NEAREST : Resampling.BILINEAR),
                provenance,
                key);
    }

    private BufferedImage enlarged() {
        int factor = enlargement();
        Resampling resampling = factor <= SMOOTH_UP_TO ? Resampling.BILINEAR : Resampling.NEAREST;
        return HeatmapPainter.resized(picture, picture.getWidth() * factor, picture.getHeight() * factor, resampling);
    }

    private int enlargement() {
        int wanted = (NARROWEST + picture.getWidth() - 1) / picture.getWidth();
        return Math.max(1, Math.min(wanted, HIGHEST / picture.getHeight()));
    }

    /** The PNG file, with {@link #facts()} as its text. */
    public byte[] png() {
        return Png.bytes(image(), facts());
    }

    public void write(Path target) {
        OutputFile.write(target, png());
    }

    /** The metadata of the file: Software, Model, Image, Target, Method, Options and, with a key, Scale or Classes. */
    public Map<String, String> facts() {
        Map<String, String> facts = facts(provenance);
        key.ifPresent(present -> facts.put(present instanceof ColorBar ? "Scale" : "Classes", present.words()));
        return facts;
    }

    /** Model, image, target, method and options as PNG text, for a file without a strip. */
    public static Map<String, String> facts(Provenance provenance) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Software", "Vitrine");
        facts.put("Model", provenance.model());
        facts.put("Image", provenance.image());
        facts.put("Target", provenance.target());
        facts.put("Method", provenance.method());
        facts.put("Options", options(provenance));
        return facts;
    }

    static String options(Provenance provenance) {
        return provenance.options().entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Lines of text, laid out before the height of the paper is known. */
    private static final class Strip {
        private record Line(Lettering lettering, String text, int left, int top) {}

        private static final int INDENT = 58;

        private final List<Line> lines = new ArrayList<>();
        private final int width;
        private int height;

        Strip(int width) {
            this.width = width;
        }

        void write(Lettering lettering, String text) {
            for (String line : lettering.wrap(text, width)) {
                lines.add(new Line(lettering, line, 0, height));
                height += lettering.lineHeight();
            }
        }

        void fact(String label, String text) {
            lines.add(new Line(LABEL, label, 0, height));
            for (String line : TEXT.wrap(text.isBlank() ? "not said" : text, width - INDENT)) {
                lines.add(new Line(TEXT, line, INDENT, height));
                height += TEXT.lineHeight();
            }
        }

        void space(int pixels) {
            height += pixels;
        }

        void draw(Graphics2D graphics, int left, int top) {
            for (Line line : lines) {
                line.lettering.draw(graphics, line.text, left + line.left, top + line.top);
            }
        }
    }
}
