// A link to Train's settings: the server writes what it says, this copies it.
(() => {
  const { copyAddress, make, pageAddress, sayer } = window.ganscope;

  window.ganscope.settings_link = (element, props, trigger, watch) => {
    const said = make("p", { className: "gs-quiet gs-hint", role: "status" });
    element.querySelector(".gs-settings-link").append(said);
    const say = sayer(said);
    watch("value", async () => say(await copyAddress(`${pageAddress()}?${props.value}`)));
  };
})();
