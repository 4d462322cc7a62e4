// Offers to undo the deletion of a block or of a row, such as a source. Wagtail hides them until the form is closed.
{
  const { deleted } = document.getElementById("undo-status").dataset;
  const panels = new Map();

  const nameOf = (element) => {
    const heading = element.querySelector("[data-panel-heading]");
    return (heading.querySelector(".c-sf-block__type") ?? heading).textContent.replace(/\s+/g, " ").trim();
  };

  const offer = (element, undo, settle) => {
    const words = deleted.replace("%s", () => nameOf(element));
    element.dispatchEvent(new CustomEvent("undoable", { bubbles: true, detail: { words, undo, settle } }));
  };

  const show = (element) => window.jQuery(element).stop(true, true).show().removeAttr("aria-hidden");

  // Put a block back between the blocks that are around it now.
  const restore = (sequence, child, inserter) => {
    const { children, inserters } = sequence;
    const { DOCUMENT_POSITION_PRECEDING: BEFORE } = Node;
    const place = children.filter(({ element }) => child.element.compareDocumentPosition(element) & BEFORE).length;
    children.splice(place, 0, child);
    inserters.splice(place, 0, inserter);
    inserters.forEach((each, index) => each.setIndex(index));
    children.forEach((each, index) => {
      each.setIndex(index);
      each[index ? "enableMoveUp" : "disableMoveUp"]();
      each[index < children.length - 1 ? "enableMoveDown" : "disableMoveDown"]();
    });
    child.deletedInput.val("");
    show(child.element);
    show(inserter.element);
    sequence.blockCountChanged();
    return child.element.querySelector('[data-streamfield-action="DELETE"]');
  };

  // The methods that streams and lists have in common. A form without blocks has none.
  const sequences = window.wagtailStreamField && Object.getPrototypeOf(window.wagtailStreamField.blocks.StreamBlock.prototype);
  if (sequences) {
    const { deleteBlock } = sequences;
    sequences.deleteBlock = function (index, ...options) {
      const [child, inserter] = [this.children[index], this.inserters[index]];
      // Wagtail would delete the comments on the block. Delete them when the offer ends.
      child.getContentPath = () => null;
      deleteBlock.call(this, index, ...options);
      delete child.getContentPath;
      const settle = () => {
        const path = child.getContentPath();
        if (path) window.comments.commentApp?.invalidateContentPath(path);
      };
      offer(child.element, () => restore(this, child, inserter), settle);
    };
  }

  const { updateControlStates } = window.InlinePanel.prototype;
  window.InlinePanel.prototype.updateControlStates = function () {
    panels.set(this.opts.formsetPrefix, this);
    updateControlStates.call(this);
  };

  document.addEventListener("w-formset:removed", ({ target: row, detail }) => {
    const input = row.querySelector(`#${row.id.replace("inline_child_", "id_")}-DELETE`);
    offer(row, () => {
      const panel = panels.get(detail.formsetPrefix);
      input.value = "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
      row.classList.remove("deleted");
      show(row);
      if (panel.opts.canOrder) panel.updateOrderValues();
      panel.updateControlStates();
      return document.getElementById(`${input.id}-button`);
    });
  });
}
