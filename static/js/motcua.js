// Script only adds: suggestions, saving while typing, progress of uploads, focus on errors. Every page works without it.
(function () {
  'use strict';
  var each = function (list, f) { Array.prototype.forEach.call(list, f); };
  var en = document.documentElement.lang === 'en';
  var say = function (vi, e) { return en ? e : vi; };

  var errors = document.getElementById('errors');
  if (errors) { errors.focus(); }

  // Enter that ends a composition only ends it; there are no shortcuts of one letter that Telex keys could press.
  document.addEventListener('keydown', function (e) { if (e.key === 'Enter' && (e.isComposing || e.keyCode === 229)) { e.preventDefault(); } });

  // Two minutes before a session ends for want of a click, one press goes on. The server looks at it once a minute at most.
  var live = null, idle = Number(document.body.getAttribute('data-idle'));
  if (idle) {
    var ends = null, warned = null;
    var warn = function () {
      warned = document.createElement('p');
      warned.className = 'note note--wait note--held';
      warned.setAttribute('role', 'alert');
      warned.textContent = say('Phiên sắp hết vì đã lâu không có thao tác. ', 'The session is about to end, as nothing was done for a while. ');
      var stay = document.createElement('button');
      stay.type = 'button'; stay.className = 'button button--quiet'; stay.textContent = say('Ở lại', 'Stay signed in');
      stay.addEventListener('click', function () {
        fetch(document.body.getAttribute('data-stay'), { method: 'HEAD', redirect: 'manual' }).then(function (r) { if (!r.ok) { throw new Error('session'); } live(); })
          .catch(function () { warned.textContent = say('Phiên đã hết, hoặc mất mạng. Chữ đã gõ trên trang còn nguyên: bấm nút gửi của trang, rồi đăng nhập lại.', 'The session has ended, or the network is gone. What you typed is still here: press the page’s own button, then sign in.'); });
      });
      warned.appendChild(stay);
      document.getElementById('main').insertBefore(warned, document.getElementById('main').firstChild);
    };
    live = function () {
      if (warned) { warned.remove(); warned = null; }
      clearTimeout(ends);
      ends = setTimeout(warn, 1000 * (idle - 180));
    };
    live();
  }

  // Suggestions while typing.
  each(document.querySelectorAll('[data-suggest]'), function (input) {
    var list = null, timer = null, at = -1, asked = 0;
    var close = function () { if (list) { list.remove(); list = null; at = -1; input.setAttribute('aria-expanded', 'false'); } };
    var mark = function (n) {
      var links = list ? list.querySelectorAll('a') : [];
      if (!links.length) { return; }
      at = (n + links.length) % links.length;
      each(links, function (a, i) { a.setAttribute('aria-selected', i === at ? 'true' : 'false'); });
    };
    input.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var q = input.value.trim(), mine = ++asked;
        if (q.length < 2) { close(); return; }
        fetch(input.getAttribute('data-suggest') + '?q=' + encodeURIComponent(q)).then(function (r) { return r.json(); }).then(function (rows) {
          if (mine !== asked) { return; }
          close();
          if (!rows.length) { return; }
          list = document.createElement('ul');
          list.className = 'suggest';
          rows.forEach(function (row) {
            var li = document.createElement('li'), a = document.createElement('a');
            a.href = row.url; a.textContent = row.name; li.appendChild(a); list.appendChild(li);
          });
          input.parentNode.appendChild(list);
        }).catch(function () { });
      }, 180);
    });
    input.addEventListener('keydown', function (e) {
      if (e.isComposing || e.keyCode === 229) { return; }
      if (e.key === 'Escape') { close(); }
      if (e.key === 'ArrowDown') { e.preventDefault(); mark(at + 1); }
      if (e.key === 'ArrowUp') { e.preventDefault(); mark(at - 1); }
      if (e.key === 'Enter' && list && at >= 0) { e.preventDefault(); window.location = list.querySelectorAll('a')[at].href; }
    });
    document.addEventListener('click', function (e) { if (list && !input.parentNode.contains(e.target)) { close(); } });
  });

  // Printing is the browser's own; with script it has a button too.
  each(document.querySelectorAll('[data-print]'), function (b) { b.hidden = false; b.addEventListener('click', function () { window.print(); }); });

  // Waiting for the gateway's word: the page looks again by itself; without script its link does.
  each(document.querySelectorAll('[data-again]'), function (note) {
    setTimeout(function () { window.location.replace(note.getAttribute('data-again')); }, 1000 * Number(note.getAttribute('data-seconds')));
  });

  // A page brought back by the Back button after signing out shows nothing.
  window.addEventListener('pageshow', function (e) { if (e.persisted) { window.location.reload(); } });

  // The form saves itself: each field with a sequence; a failed save says so and keeps the text.
  var form = document.getElementById('e-form');
  if (form) {
    var seq = Date.now(), waiting = {}, timer = null, running = false, saved = document.getElementById('saved'), loud = document.getElementById('unsaved');
    var questionOf = function (control) {
      var box = control.closest('.field');
      while (box && box.parentNode.closest && box.parentNode.closest('.field')) { box = box.parentNode.closest('.field'); }
      return box;
    };
    var failed = function (why) {
      loud.classList.remove('hidden');
      loud.textContent = why;
    };
    var send = function () {
      if (running) { return; }
      var ids = Object.keys(waiting);
      if (!ids.length) { return; }
      var body = new URLSearchParams();
      body.append('_token', form.elements._token.value);
      body.append('_revision', form.elements._revision.value);
      body.append('_page', form.elements._page.value);
      body.append('_seq', String(++seq));
      ids.forEach(function (id) {
        var box = document.getElementById('f-' + id);
        if (!box) { return; }
        each(box.querySelectorAll('input, select, textarea'), function (c) {
          if (!c.name || (c.type === 'radio' || c.type === 'checkbox') && !c.checked) { return; }
          body.append(c.name, c.value);
        });
      });
      waiting = {};
      running = true;
      fetch(form.getAttribute('data-autosave'), { method: 'POST', body: body, redirect: 'manual' }).then(function (r) {
        running = false;
        if (r.type === 'opaqueredirect' || r.status === 403) { throw new Error('session'); }
        if (r.status === 409) { throw new Error('filed'); }
        if (!r.ok) { throw new Error('server'); }
        return r.json();
      }).then(function (got) {
        loud.classList.add('hidden'); loud.textContent = '';
        if (live) { live(); }
        if (saved) { saved.textContent = saved.getAttribute('data-words') + ' ' + got.at; }
        if (got.conflicts.length) { failed(say('Có câu trả lời vừa được sửa ở một trang khác. Bấm “Lưu và tiếp tục” để chọn.', 'An answer was changed on another page. Press “Save and continue” to choose.')); }
        if (Object.keys(waiting).length) { send(); }
      }).catch(function (e) {
        running = false;
        ids.forEach(function (id) { waiting[id] = true; });
        if (e.message === 'filed') { failed(say('Hồ sơ này đã được nộp ở một trang khác. Bấm “Lưu và tiếp tục” để xem điều chưa vào hồ sơ.', 'This dossier was filed on another page. Press “Save and continue” to see what is not in it.')); return; }
        failed(e.message === 'session'
          ? say('Chưa lưu: phiên đã hết hạn. Bấm “Lưu và tiếp tục”, đăng nhập lại; chữ đã gõ còn nguyên.', 'Not saved: the session has ended. Press “Save and continue” and sign in; what you typed is kept.')
          : say('Chưa lưu: mất mạng hoặc máy chủ bận. Chữ đã gõ vẫn ở trên trang; đang thử lại.', 'Not saved: no network, or the server is busy. What you typed is still here; trying again.'));
        if (e.message !== 'session') { setTimeout(send, 5000); }
      });
    };
    form.addEventListener('input', function (e) {
      var box = questionOf(e.target);
      if (!box || !box.id) { return; }
      waiting[box.id.slice(2)] = true;
      clearTimeout(timer);
      timer = setTimeout(send, 800);
    });
    form.addEventListener('change', function (e) {
      if (e.target.hasAttribute('data-steers')) {
        var b = document.createElement('input');
        b.type = 'hidden'; b.name = '_refresh'; b.value = e.target.name;
        form.appendChild(b); form.submit();
      }
    });
    window.addEventListener('beforeunload', function (e) { if (Object.keys(waiting).length && !form.hasAttribute('data-sent')) { send(); } });
    form.addEventListener('submit', function () { form.setAttribute('data-sent', ''); });
    each(form.querySelectorAll('input'), function (c) { c.addEventListener('wheel', function () { c.blur(); }); });
  }

  // The check page: ticks and notes are saved as they are made; the paper clicked is named above the viewer.
  var ticks = document.getElementById('ticks');
  if (ticks) {
    var later = null;
    ticks.addEventListener('input', function (e) {
      if (!/^[cn]:/.test(e.target.name || '')) { return; }
      clearTimeout(later);
      later = setTimeout(function () {
        var body = new URLSearchParams(new FormData(ticks)), told = document.getElementById('ticks-saved');
        fetch(ticks.getAttribute('action'), { method: 'POST', body: body, redirect: 'manual' }).then(function (r) {
          if (told) { told.textContent = r.type === 'opaqueredirect' || r.ok ? say('Đã lưu đánh dấu.', 'The ticks are saved.') : say('Chưa lưu được đánh dấu.', 'The ticks are not saved.'); }
        }).catch(function () { if (told) { told.textContent = say('Chưa lưu: mất mạng.', 'Not saved: no network.'); } });
      }, 800);
    });
    each(document.querySelectorAll('a[target="giay-dang-xem"]'), function (a) {
      a.addEventListener('click', function () {
        each(document.querySelectorAll('a[target="giay-dang-xem"]'), function (o) { o.removeAttribute('aria-current'); });
        a.setAttribute('aria-current', 'true');
        var name = document.querySelector('.viewer p a');
        if (name) { name.textContent = a.textContent; name.href = a.href; }
      });
    });
  }

  // Uploads: sent at once, with progress; photographs offered smaller.
  var smaller = function (file) {
    if (!/^image\/jpeg$/.test(file.type) || file.size < 1500000 || !window.createImageBitmap || !HTMLCanvasElement.prototype.toBlob) { return Promise.resolve(file); }
    return createImageBitmap(file, { imageOrientation: 'from-image' }).then(function (picture) {
      var k = Math.min(1, 2400 / Math.max(picture.width, picture.height));
      if (k === 1) { return file; }
      var canvas = document.createElement('canvas');
      canvas.width = Math.round(picture.width * k); canvas.height = Math.round(picture.height * k);
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (blob) {
          if (!blob || blob.size >= file.size) { done(file); return; }
          var kb = function (n) { return Math.round(n / 1024) + ' KB'; };
          var fine = window.confirm(say('Gửi ảnh thu gọn ' + kb(blob.size) + ' thay cho ' + kb(file.size) + '?', 'Send a smaller picture of ' + kb(blob.size) + ' instead of ' + kb(file.size) + '?'));
          done(fine ? new File([blob], file.name, { type: 'image/jpeg' }) : file);
        }, 'image/jpeg', 0.85);
      });
    }).catch(function () { return file; });
  };
  // One file after another: a broken line costs only the file on its way, which is sent again without choosing it again.
  each(document.querySelectorAll('form.upload'), function (f) {
    var input = f.querySelector('input[type="file"]'), line = [], busy = false, broke = false, bad = '';
    var next = function () {
      if (busy) { return; }
      var file = line.shift();
      if (!file) {
        if (broke) { return; }
        if (bad) { document.open(); document.write(bad); document.close(); return; }
        window.location.hash = ''; window.location.reload();
        return;
      }
      busy = true;
      var row = document.createElement('p'), bar = document.createElement('progress');
      row.textContent = file.name + ' ';
      bar.max = 1; bar.value = 0; bar.setAttribute('aria-label', say('Đang gửi ', 'Sending ') + file.name);
      row.appendChild(bar); f.appendChild(row);
      var body = new FormData();
      body.append('slot', f.elements.slot.value);
      body.append('_token', f.elements._token.value);
      body.append('files', file, file.name);
      var x = new XMLHttpRequest();
      x.open('POST', f.action);
      x.upload.onprogress = function (e) { if (e.lengthComputable) { bar.value = e.loaded / e.total; } };
      x.onload = function () { busy = false; row.remove(); if (x.status >= 400) { bad = x.responseText; } next(); };
      x.onerror = function () {
        busy = false; broke = true;
        row.className = 'error'; row.setAttribute('role', 'alert');
        row.textContent = file.name + ': ' + say('đứt mạng khi đang gửi. Các tệp khác còn nguyên. ', 'the line broke while sending. The other files are kept. ');
        var again = document.createElement('button');
        again.type = 'button'; again.className = 'button button--quiet'; again.textContent = say('Gửi lại tệp này', 'Send this file again');
        again.addEventListener('click', function () { broke = false; row.remove(); line.push(file); next(); });
        row.appendChild(again);
        next();
      };
      x.send(body);
    };
    input.addEventListener('change', function () {
      var files = Array.prototype.slice.call(input.files);
      if (!files.length) { return; }
      broke = false;
      Promise.all(files.map(smaller)).then(function (ready) { ready.forEach(function (file) { line.push(file); }); next(); });
    });
  });
})();
