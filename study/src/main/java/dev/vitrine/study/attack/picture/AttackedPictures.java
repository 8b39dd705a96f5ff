package dev.vitrine.study.attack.picture;

import java.util.List;

/** Pictures before and after an attack, in order. */
public record AttackedPictures(List<AttackedPicture> pictures) {
    public AttackedPictures {
        pictures = List.copyOf(pictures);
    }
}
