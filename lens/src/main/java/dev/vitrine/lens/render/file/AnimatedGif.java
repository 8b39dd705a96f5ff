package dev.vitrine.lens.render.file;

import dev.vitrine.lens.data.OutputFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A looping animated GIF, each frame with its own palette. GIF 89a. */
public record AnimatedGif(List<BufferedImage> frames, Duration each, Duration last) {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";

    public AnimatedGif {
        frames = List.copyOf(frames);
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("no frames");
        }
    }

    public void write(Path target) {
        OutputFile.write(target, this::write);
    }

    private void write(OutputStream output) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(output)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (int index = 0; index < frames.size(); index++) {
                Duration shown = index == frames.size() - 1 ? last : each;
                writer.writeToSequence(
                        new IIOImage(frames.get(index), null, metadata(writer, frames.get(index), shown)), null);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
    }

    private static IIOMetadata metadata(ImageWriter writer, BufferedImage frame, Duration shown)
            throws IIOInvalidTreeException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null);
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("delayTime", Long.toString(shown.toMillis() / 10));
        control.setAttribute("transparentColorIndex", "0");
        root.appendChild(control);
        IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(new byte[] {1, 0, 0});
        IIOMetadataNode loops = new IIOMetadataNode("ApplicationExtensions");
        loops.appendChild(loop);
        root.appendChild(loops);
        metadata.mergeTree(FORMAT, root);
        return metadata;
    }
}
